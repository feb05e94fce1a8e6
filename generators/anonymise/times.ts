/**
 * Dates and moments are moved by whole weeks, so weekdays, times of day, fractions and the time between two moments stay.
 */
import { formatDate, formatTime, MICROS_PER_DAY, parseTime, parseTimestamp } from '../values/calendar.ts';
import type { Keyed } from './keyed.ts';

const DAYS_PER_WEEK = 7;
const LEAST_WEEKS = 5;
const WEEKS = 52n;
/** Years that applications write for "never" and "always". */
const LAST_YEAR = 9_000;
const EPOCH = /^1970-01-01(?:[ T]00:00:00(?:\.0+)?(?:Z|[+-]00(?::?00)?)?)?$/;
const DATE = /^(\d{4,7})-(\d\d)-(\d\d)(.*)$/s;

/** How many days back a subject's moments move: five to 56 weeks, always into the past. */
export function shiftDays(keyed: Keyed, subject: string): number {
  return -DAYS_PER_WEEK * (LEAST_WEEKS + Number(keyed.below(WEEKS, 'shift', subject)));
}

/** Whether a text is an ISO date or moment. */
export function isMoment(text: string): boolean {
  return DATE.test(text) && parseTimestamp(text.replace(/(\.\d{6})\d+/, '$1')) !== null;
}

/** Moves an ISO date or moment; infinities, the epoch, BC and years for "never" stay, as does what is none. */
export function shiftMoment(text: string, days: number): string {
  const match = DATE.exec(text);
  if (match === null || EPOCH.test(text) || text.endsWith('BC')) return text;
  const [, year = '', month = '', day = '', rest = ''] = match;
  const micros = parseTimestamp(`${year}-${month}-${day}`);
  if (micros === null || Number(year) >= LAST_YEAR || Number(year) <= 2) return text;
  return `${formatDate(Number(micros / MICROS_PER_DAY) + days)}${rest}`;
}

const CLOCK = /^(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(.*)$/s;

/** Another time of day with the same fraction; midnight stays. A permutation. */
export function maskClock(keyed: Keyed, domain: string, text: string): string {
  const match = CLOCK.exec(text);
  const micros = parseTime(text);
  if (match === null || micros === null) return text;
  const seconds = micros / 1_000_000n;
  if (seconds === 0n || seconds >= 86_400n) return text;
  const [, , , second, fraction = '', rest = ''] = match;
  const step = second === undefined ? 60n : 1n;
  const moved = keyed.permute(86_400n / step - 1n, seconds / step - 1n, 'clock', domain, step.toString()) + 1n;
  const clock = formatTime(moved * step * 1_000_000n);
  return `${second === undefined ? clock.slice(0, 5) : clock}${fraction}${rest}`;
}

/** Another interval in PostgreSQL's own style: each part another number of as many digits, minutes and seconds below sixty. */
export function maskInterval(keyed: Keyed, domain: string, text: string): string {
  return text
    .replaceAll(/(\d+):(\d\d):(\d\d)/g, (_whole, hours: string, minutes: string, seconds: string) =>
      [
        maskCount(keyed, `${domain}/h`, hours),
        maskSixty(keyed, `${domain}/m`, minutes),
        maskSixty(keyed, `${domain}/s`, seconds),
      ].join(':'),
    )
    .replaceAll(/(?<![\d:.])(\d+)(?= (?:year|mon|day))/g, (digits: string) => maskCount(keyed, `${domain}/d`, digits));
}

function maskCount(keyed: Keyed, domain: string, digits: string): string {
  if (/^0+$/.test(digits)) return digits;
  const size = 10n ** BigInt(digits.length) - 1n;
  const moved = keyed.permute(size, BigInt(digits) - 1n, 'count', domain, String(digits.length)) + 1n;
  return moved.toString().padStart(digits.length, '0');
}

function maskSixty(keyed: Keyed, domain: string, digits: string): string {
  if (digits === '00') return digits;
  return (keyed.permute(59n, BigInt(digits) - 1n, 'sixty', domain) + 1n).toString().padStart(2, '0');
}
