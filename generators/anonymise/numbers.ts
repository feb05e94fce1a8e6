/**
 * Numbers that keep their sign, their count of digits before and after the point, their trailing zeros, and zero.
 */
import type { ColumnType } from '../../harness/core/schema.ts';
import { compareDecimals, parseDecimal } from '../values/decimal.ts';
import type { Keyed } from './keyed.ts';

const NUMBER = /^([+-]?)(\d*)(\.?)(\d*)((?:[eE][+-]?\d+)?)$/;
/** Beyond these the digits decide whether a float is finite: such values say more of the type than of anybody. */
const EXTREME_EXPONENT = 30;

/** Which numbers a type holds, and which of them are its edges. What is no number is neither refused nor an edge. */
export interface NumberLimits {
  isEdge(text: string): boolean;
  admits(text: string): boolean;
}

/** The limits of an integer or numeric type; anything goes where it has none. */
export function numberLimits(type: Extract<ColumnType, { kind: 'integer' | 'numeric' }>): NumberLimits {
  if (type.kind === 'integer') return between(type.min, type.max);
  if (type.precision === null) return { isEdge: () => false, admits: () => true };
  const scale = type.scale ?? 0;
  const most = '9'.repeat(type.precision);
  return between(`-${most}e${-scale}`, `${most}e${-scale}`);
}

function between(min: string, max: string): NumberLimits {
  const low = parseDecimal(min) ?? { units: 0n, scale: 0 };
  const high = parseDecimal(max) ?? { units: 0n, scale: 0 };
  return {
    isEdge(text) {
      const value = parseDecimal(text);
      return value !== null && (compareDecimals(value, low) === 0 || compareDecimals(value, high) === 0);
    },
    admits(text) {
      const value = parseDecimal(text);
      return value === null || (compareDecimals(value, low) >= 0 && compareDecimals(value, high) <= 0);
    },
  };
}

/**
 * Another number with the same sign, magnitude and count of significant digits; words (`NaN`, `Infinity`), zeros and exponents near a
 * float's edges stay. One step of a permutation: equal numbers, however many zeros they end in, stay equal, and others stay apart.
 */
export function scrambleNumber(keyed: Keyed, domain: string, text: string): string {
  const match = NUMBER.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', point = '', fraction = '', exponent = ''] = match;
  if (Math.abs(Number(exponent.slice(1))) >= EXTREME_EXPONENT) return text;
  const digits = `${whole}${fraction}`;
  const first = digits.search(/[1-9]/);
  if (first === -1) return text;
  const significant = digits.slice(first).replace(/0+$/, '');
  const form = `${whole.length - first}/${exponent}`;
  const scrambled = permuteDigits(keyed, `${domain}\u0000${form}`, significant);
  const written = `${digits.slice(0, first)}${scrambled}`.padEnd(digits.length, '0');
  return `${sign}${written.slice(0, whole.length)}${point}${written.slice(whole.length)}${exponent}`;
}

/** Permutes digit strings that begin and end with a digit other than 0. */
function permuteDigits(keyed: Keyed, domain: string, digits: string): string {
  const length = String(digits.length);
  if (digits.length === 1) return (keyed.permute(9n, BigInt(digits) - 1n, 'number', domain, length) + 1n).toString();
  const inner = digits.length - 2;
  const size = 81n * 10n ** BigInt(inner);
  const value =
    ((BigInt(digits[0] ?? '1') - 1n) * 10n ** BigInt(inner) + BigInt(digits.slice(1, -1) || '0')) * 9n +
    BigInt(digits.at(-1) ?? '1') -
    1n;
  const permuted = keyed.permute(size, value, 'number', domain, length);
  const head = permuted / 9n;
  const middle = inner === 0 ? '' : (head % 10n ** BigInt(inner)).toString().padStart(inner, '0');
  return `${head / 10n ** BigInt(inner) + 1n}${middle}${(permuted % 9n) + 1n}`;
}

/** The number times a whole factor, exactly; words stay. */
export function scaleNumber(text: string, factor: bigint): string {
  const match = NUMBER.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', point = '', fraction = '', exponent = ''] = match;
  const units = (BigInt(`${whole}${fraction}` || '0') * factor).toString().padStart(fraction.length + 1, '0');
  if (fraction === '') return `${sign}${units}${point}${exponent}`;
  return `${sign}${units.slice(0, -fraction.length)}.${units.slice(-fraction.length)}${exponent}`;
}
