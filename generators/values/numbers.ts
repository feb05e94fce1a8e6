/** Integers, numerics, floats and money: bounds, steps around them, full precision and scale, and what does not fit a double. */
import type { ColumnType } from '../../harness/core/schema.ts';
import { arbitraryFrom } from '../draw.ts';
import { listed, weighEdges, type ValueArbitraries } from './arbitraries.ts';
import { formatDecimal } from './decimal.ts';

type IntegerType = Extract<ColumnType, { kind: 'integer' }>;
type NumericType = Extract<ColumnType, { kind: 'numeric' }>;

/** Values of interest to whole numbers of any width; the last four do not fit a double. */
const WHOLE_EDGES = [
  '0', '1', '-1', '2', '9', '10', '99', '100', '127', '128', '255', '256', '32767', '32768', '-32768', '65536',
  '2147483647', '2147483648', '-2147483649', '9007199254740993', '-9007199254740993', '9007199254740995',
  '1234567890123456789',
]; // prettier-ignore

/** Integers between the type's bounds. */
export function integerArbitraries(type: IntegerType): ValueArbitraries {
  const min = BigInt(type.min);
  const max = BigInt(type.max);
  const fits = (text: string): boolean => BigInt(text) >= min && BigInt(text) <= max;
  const bounds = [...new Set([type.max, (max - 1n).toString(), type.min, (min + 1n).toString()])].filter(fits);
  const small = max < 10_000n ? max : 10_000n;
  const low = min > 0n ? min : 0n;
  return {
    simplest: ['0', '1', '2', '-1', '10'].filter(fits),
    edges: weighEdges(WHOLE_EDGES.filter(fits), bounds),
    plain: arbitraryFrom((draw) =>
      draw.chance(70) ? draw.integer(Number(low), Number(small)).toString() : draw.bigint(min, max).toString(),
    ),
  };
}

/** Numerics of the declared precision and scale; unconstrained ones go to thirty digits. */
export function numericArbitraries(type: NumericType): ValueArbitraries {
  const precision = type.precision ?? 30;
  const scale = type.precision === null ? 10 : (type.scale ?? 0);
  const most = 10n ** BigInt(precision) - 1n;
  const one = scale > 0 && scale < precision ? 10n ** BigInt(scale) : 1n;
  const show = (units: bigint): string => formatDecimal(units, scale);
  const wide = precision - Math.max(scale, 0) > 16;
  const moderate = [0n, one, -one, 1n, -1n, one / 10n, one + 1n, one * 10n, (one * 15n) / 10n, one / 3n]
    .filter((units) => units <= most && units >= -most)
    .map(show);
  const large = wide ? [show(9_007_199_254_740_993n * one + 1n)] : [];
  const extreme = [show(most), show(-most), show(most - 1n)];
  if (type.precision === null)
    extreme.push('0.000000000000000000000000000001', '1e40', '123456789012345678901234567890.123456789');
  if (type.hasNaN) extreme.push('NaN');
  if (type.hasInfinity && type.precision === null) extreme.push('Infinity', '-Infinity');
  const usual = most < 1_000_000n * one ? most : 1_000_000n * one;
  return {
    simplest: dedupe([show(0n), show(one > most ? most : one), show(1n), show(-1n)]),
    edges: weighEdges(dedupe([...moderate, ...large]), dedupe(extreme)),
    plain: arbitraryFrom((draw) => show(draw.chance(80) ? draw.bigint(0n, usual) : draw.bigint(-most, most))),
  };
}

function dedupe(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

/** Floats: zeros, subnormals, the greatest finite, NaN and infinities. */
export function floatArbitraries(bits: 32 | 64): ValueArbitraries {
  const extreme =
    bits === 64
      ? ['1.7976931348623157e+308', '-1.7976931348623157e+308', '5e-324', '2.2250738585072014e-308']
      : ['3.4028235e+38', '-3.4028235e+38', '1e-45', '1.1754944e-38'];
  const moderate = [
    '0',
    '-0',
    '1',
    '-1',
    '0.1',
    '0.5',
    '1.5',
    '3.14159',
    '100000',
    '1e-05',
    bits === 64 ? '0.30000000000000004' : '16777216',
  ];
  return {
    simplest: ['0', '1', '-1', '0.5'],
    edges: weighEdges(moderate, [...extreme, 'NaN', 'Infinity', '-Infinity']),
    plain: arbitraryFrom((draw) => formatDecimal(BigInt(draw.integer(-99_999, 999_999)), 2)),
  };
}

/** Money in the plain decimal form that every locale of the server accepts. */
export function moneyArbitraries(): ValueArbitraries {
  return {
    ...listed(
      ['0', '1', '0.01', '-1'],
      ['0', '0.01', '-0.01', '1', '92233720368547758.07', '-92233720368547758.08', '1234567.89'],
    ),
    plain: arbitraryFrom((draw) => formatDecimal(BigInt(draw.integer(-10_000, 10_000_000)), 2)),
  };
}
