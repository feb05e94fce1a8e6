/** Interval literals of fixed length, as conditions use them in sums with moments. */
import { parseTime } from '../values/calendar.ts';

const UNITS: Readonly<Record<string, bigint>> = {
  second: 1_000_000n, sec: 1_000_000n, minute: 60_000_000n, min: 60_000_000n, hour: 3_600_000_000n, day: 86_400_000_000n, week: 604_800_000_000n,
}; // prettier-ignore

/** Microseconds of `1 day`, `02:30:00`, `3 days 04:00:00`; null where the length depends on the calendar. */
export function parseFixedInterval(text: string): bigint | null {
  let total = 0n;
  let rest = text.trim();
  for (
    let match = /^([+-]?\d+)\s*([a-z]+?)s?\b\s*/i.exec(rest);
    match !== null;
    match = /^([+-]?\d+)\s*([a-z]+?)s?\b\s*/i.exec(rest)
  ) {
    const unit = UNITS[match[2]?.toLowerCase() ?? ''];
    if (unit === undefined) return null;
    total += BigInt(match[1] ?? '0') * unit;
    rest = rest.slice(match[0].length);
  }
  if (rest === '') return text.trim() === '' ? null : total;
  const clock = /^[+-]?\d+:\d\d/.test(rest) ? parseTime(rest.replace(/^[+-]/, '')) : null;
  return clock === null ? null : total + (rest.startsWith('-') ? -clock : clock);
}
