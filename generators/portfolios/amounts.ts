/**
 * Exact amounts. A quantity or price is a bigint that counts units of its last decimal place, or `NaN` where a numeric admits it; outside
 * of this file it is decimal text. A test scans this folder: no JavaScript number and no Date stands on the way of a value.
 */
import { formatDecimal, parseDecimal, rescale } from '../values/decimal.ts';

/** Units of the last place, or not a number. */
export type Units = bigint | 'NaN';

/** Decimal places of quantities and unit prices, as in `numeric(20,8)`. */
const QUANTITY_SCALE = 8;
/** Decimal places of money that was paid. */
const MONEY_SCALE = 2;

/** One share, in units. */
export const ONE = 10n ** 8n;
/** The greatest `numeric(20,8)`, in units: far beyond 2^53. */
export const MOST = 10n ** 20n - 1n;

/** A quantity or unit price as text with eight decimal places. */
export function quantityText(units: Units): string {
  return units === 'NaN' ? 'NaN' : formatDecimal(units, QUANTITY_SCALE);
}

/** Money as text with two decimal places. */
export function moneyText(cents: bigint): string {
  return formatDecimal(cents, MONEY_SCALE);
}

/** The units of a quantity's text; what is no decimal counts as `NaN`, as places beyond the eighth do not occur. */
export function unitsOf(text: unknown): Units {
  const decimal = typeof text === 'string' || typeof text === 'bigint' ? parseDecimal(text.toString()) : null;
  return decimal === null ? 'NaN' : rescale(decimal, QUANTITY_SCALE, 'down');
}

/** The exact sum; `NaN` where a part is. */
export function sum(parts: readonly Units[]): Units {
  let total = 0n;
  for (const part of parts) {
    if (part === 'NaN') return 'NaN';
    total += part;
  }
  return total;
}

/** `a - b`, exactly. */
export function difference(a: Units, b: Units): Units {
  return a === 'NaN' || b === 'NaN' ? 'NaN' : a - b;
}

/** `a / b` rounded half up, for positive or negative `a` and positive `b`. */
function divideRounded(a: bigint, b: bigint): bigint {
  const doubled = 2n * a + b;
  const floor = doubled / (2n * b);
  return doubled % (2n * b) < 0n ? floor - 1n : floor;
}

/** The mean of `prices`, weighted by `quantities`, rounded half up in the eighth place; null where nothing is held. */
export function weightedMean(parts: readonly { readonly quantity: bigint; readonly price: bigint }[]): bigint | null {
  const held = parts.reduce((total, { quantity }) => total + quantity, 0n);
  if (held <= 0n) return null;
  return divideRounded(
    parts.reduce((total, { quantity, price }) => total + quantity * price, 0n),
    held,
  );
}
