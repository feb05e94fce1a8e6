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

/** Microseconds from the start of a day. */
export function momentOn(day: bigint, microsOfDay: bigint): bigint {
  return day * MICROS_PER_DAY + microsOfDay;
}

/** The last microsecond of a day. */
export const LAST_MICRO = MICROS_PER_DAY - 1n;

function padded(value: bigint, zeros: string): string {
  return `${zeros}${value}`.slice(-zeros.length);
}
