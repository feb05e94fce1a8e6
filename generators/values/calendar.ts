/**
 * The proleptic Gregorian calendar over integers: days since 1970-01-01 and microseconds since its midnight, as PostgreSQL and SQLite
 * print them. Days stay far below 2^53, so they are plain integers; microseconds are bigints.
 */

export const MICROS_PER_DAY = 86_400_000_000n;

/** Days since 1970-01-01; year 0 is 1 BC. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The inverse of `daysFromCivil`. */
function civilFromDays(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/** `2024-02-29`, and the era to append (` BC` or nothing). */
function dateParts(days: number): { date: string; era: string } {
  const { year, month, day } = civilFromDays(days);
  const shownYear = year <= 0 ? 1 - year : year;
  return { date: `${pad(shownYear, 4)}-${pad(month, 2)}-${pad(day, 2)}`, era: year <= 0 ? ' BC' : '' };
}

/** `2024-02-29`, `0044-03-15 BC`. */
export function formatDate(days: number): string {
  const { date, era } = dateParts(days);
  return `${date}${era}`;
}

/** `13:05:09.000001`; trailing zeros of the fraction are left out, as PostgreSQL does. */
export function formatTime(micros: bigint): string {
  const seconds = Number(micros / 1_000_000n);
  const fraction = micros % 1_000_000n;
  const clock = `${pad(Math.floor(seconds / 3600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`;
  return fraction === 0n ? clock : `${clock}.${fraction.toString().padStart(6, '0').replace(/0+$/, '')}`;
}

/** `2024-02-29 13:05:09.000001+00`; `zone` is appended before the era. */
export function formatTimestamp(micros: bigint, zone: '' | '+00'): string {
  const remainder = micros % MICROS_PER_DAY;
  const inDay = remainder < 0n ? remainder + MICROS_PER_DAY : remainder;
  const { date, era } = dateParts(Number((micros - inDay) / MICROS_PER_DAY));
  return `${date} ${formatTime(inDay)}${zone}${era}`;
}

const TIMESTAMP =
  /^\s*(\d{4,7})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?( BC)?\s*$/;

/** Microseconds since 1970-01-01 00:00 UTC of ISO text (a date is its midnight); null for anything else. */
export function parseTimestamp(text: string): bigint | null {
  const match = TIMESTAMP.exec(text);
  if (match === null) return null;
  const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z', era] =
    match;
  const shownYear = Number(year);
  const days = daysFromCivil(era === undefined ? shownYear : 1 - shownYear, Number(month), Number(day));
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second) - zoneSeconds(zone);
  return BigInt(days) * MICROS_PER_DAY + BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}

function zoneSeconds(zone: string): number {
  if (zone === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2) || '0') * 60;
  return zone.startsWith('-') ? -seconds : seconds;
}

const TIME = /^\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?/;

/** Microseconds since midnight of `HH:MM[:SS[.ffffff]]`; a zone after it is ignored; null for anything else. */
export function parseTime(text: string): bigint | null {
  const match = TIME.exec(text);
  if (match === null) return null;
  const [, hour = '0', minute = '0', second = '0', fraction = ''] = match;
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  return BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}
