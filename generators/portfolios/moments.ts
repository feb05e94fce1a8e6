/** Dates and moments as text, from bigints that count days or microseconds since 1970-01-01: from that day on, to the year 9999. */

const MICROS_PER_SECOND = 1_000_000n;
const MICROS_PER_DAY = 86_400n * MICROS_PER_SECOND;

/** The first and the last day on which generated portfolios do something: 2001-01-01 and 2026-12-31. */
export const FIRST_DAY = 11_323n;
export const LAST_DAY = 20_818n;

/** `2024-02-29`. After Howard Hinnant's `civil_from_days`, with bigints. */
export function dateText(day: bigint): string {
  const shifted = day + 719_468n;
  const era = shifted / 146_097n;
  const dayOfEra = shifted % 146_097n;
  const yearOfEra = (dayOfEra - dayOfEra / 1460n + dayOfEra / 36_524n - dayOfEra / 146_096n) / 365n;
  const dayOfYear = dayOfEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n);
  const shiftedMonth = (5n * dayOfYear + 2n) / 153n;
  const dayOfMonth = dayOfYear - (153n * shiftedMonth + 2n) / 5n + 1n;
  const month = shiftedMonth < 10n ? shiftedMonth + 3n : shiftedMonth - 9n;
  const year = yearOfEra + era * 400n + (month <= 2n ? 1n : 0n);
  return `${padded(year, '0000')}-${padded(month, '00')}-${padded(dayOfMonth, '00')}`;
}

/** `2024-02-29 13:05:09.000001`, always with six decimal places. */
export function momentText(micros: bigint): string {
  const seconds = (micros % MICROS_PER_DAY) / MICROS_PER_SECOND;
  const clock = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map((part) => padded(part, '00')).join(':');
  return `${dateText(micros / MICROS_PER_DAY)} ${clock}.${padded(micros % MICROS_PER_SECOND, '000000')}`;
}

/** The whole seconds since 1970 of such a text; null for anything else. */
export function secondsOf(text: string): bigint | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d))?/.exec(text);
  if (match === null) return null;
  const [, ...parts] = match;
  const [year = 0n, month = 0n, day = 0n, hours = 0n, minutes = 0n, seconds = 0n] = parts.map(
    (part: string | undefined) => BigInt(part ?? '0'),
  );
  const shiftedYear = month <= 2n ? year - 1n : year;
  const dayOfYear = (153n * (month <= 2n ? month + 9n : month - 3n) + 2n) / 5n + day - 1n;
  const days = shiftedYear * 365n + shiftedYear / 4n - shiftedYear / 100n + shiftedYear / 400n + dayOfYear - 719_468n;
  return days * 86_400n + hours * 3600n + minutes * 60n + seconds;
}

/** Microseconds since 1970 of a moment on a day. */
export function momentOn(day: bigint, microsOfDay: bigint): bigint {
  return day * MICROS_PER_DAY + microsOfDay;
}

/** The last microsecond of a day. */
export const LAST_MICRO = MICROS_PER_DAY - 1n;

function padded(value: bigint, zeros: string): string {
  return `${zeros}${value}`.slice(-zeros.length);
}
