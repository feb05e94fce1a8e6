/** Exact decimal text and scaled bigints. No value passes through a JavaScript number. */

/** `units / 10^scale` as decimal text with exactly `scale` fraction digits. A negative scale multiplies. */
export function formatDecimal(units: bigint, scale: number): string {
  if (scale <= 0) return (units * 10n ** BigInt(-scale)).toString();
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, '0');
  return `${negative ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

export interface Decimal {
  /** The value is `units / 10^scale`. */
  readonly units: bigint;
  readonly scale: number;
}

const DECIMAL = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?\s*$/;

/** Reads decimal text, with or without exponent; null for anything else (`NaN`, `Infinity`, words). */
export function parseDecimal(text: string): Decimal | null {
  const match = DECIMAL.exec(text);
  if (match === null) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return null;
  const units = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
  return normalize({ units, scale: fraction.length - Number(exponent) });
}

function normalize(value: Decimal): Decimal {
  return value.scale >= 0 ? value : { units: value.units * 10n ** BigInt(-value.scale), scale: 0 };
}

/** The units of `value` at another scale; `round` says where to go when digits are lost. */
export function rescale(value: Decimal, scale: number, round: 'down' | 'up'): bigint {
  if (scale >= value.scale) return value.units * 10n ** BigInt(scale - value.scale);
  const factor = 10n ** BigInt(value.scale - scale);
  const floor = value.units / factor - (value.units % factor < 0n ? 1n : 0n);
  return round === 'up' && floor * factor !== value.units ? floor + 1n : floor;
}

/** Negative, zero or positive as `a` is below, equal to or above `b`. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const left = rescale(a, scale, 'down');
  const right = rescale(b, scale, 'down');
  return left < right ? -1 : left > right ? 1 : 0;
}
