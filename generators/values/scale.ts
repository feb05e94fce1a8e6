/**
 * Ordered types as bigints: the order of the values is the order of the bigints, and every bigint between `min` and `max` is a legal value.
 * Bounds of checks, exclusion constraints and partitions are handled on these.
 */
import type { ColumnType } from '../../harness/core/schema.ts';
import { formatDate, formatTime, formatTimestamp, MICROS_PER_DAY, parseTime, parseTimestamp } from './calendar.ts';
import { formatDecimal, parseDecimal, rescale } from './decimal.ts';

export interface Scale {
  readonly min: bigint;
  readonly max: bigint;
  /** A step that a person would take: one unit, a day, a minute. */
  readonly step: bigint;
  /** Where unremarkable values lie. */
  readonly usual: { readonly min: bigint; readonly max: bigint };
  /** The position of `text`; between two positions, `round` decides; null: it has none (`NaN`, `infinity`, not of this type). */
  parse(text: string, round: 'down' | 'up'): bigint | null;
  format(position: bigint): string;
}

const DAY_MIN = -2_440_588n;
const DAY_MAX = 2_145_031_948n;
const TIMESTAMP_MIN = -210_866_803_200_000_000n;
const TIMESTAMP_MAX = 9_224_318_015_999_999_999n;
const YEAR_2001_DAYS = 11_323n;
const YEAR_2027_DAYS = 20_819n;

/** The scale of a type; null where the type has no useful order. */
export function scaleOf(type: ColumnType): Scale | null {
  switch (type.kind) {
    case 'integer':
      return decimalScale(0, BigInt(type.min), BigInt(type.max));
    case 'numeric': {
      if (type.precision === null) return decimalScale(6, -(10n ** 24n), 10n ** 24n);
      const most = 10n ** BigInt(type.precision) - 1n;
      return decimalScale(type.scale ?? 0, -most, most);
    }
    case 'float':
      return decimalScale(3, -(10n ** 12n), 10n ** 12n);
    case 'money':
      return decimalScale(2, -92_233_720_368_547_758n, 92_233_720_368_547_758n);
    case 'date':
      return dateScale;
    case 'timestamp':
      return timestampScale(type.withZone ? '+00' : '', type.precision);
    case 'time':
      return timeScale(type.withZone, type.precision);
    case 'domain':
      return scaleOf(type.base);
    default:
      return null;
  }
}

function clamp(value: bigint, min: bigint, max: bigint): bigint {
  return value < min ? min : value > max ? max : value;
}

function decimalScale(scale: number, min: bigint, max: bigint): Scale {
  const unit = scale > 0 ? 10n ** BigInt(scale) : 1n;
  return {
    min,
    max,
    step: clamp(unit, 1n, max),
    usual: { min: clamp(0n, min, max), max: clamp(10_000n * unit, min, max) },
    parse: (text, round) => {
      const value = parseDecimal(text.startsWith('$') ? text.slice(1).replaceAll(',', '') : text);
      return value === null ? null : rescale(value, scale, round);
    },
    format: (position) => formatDecimal(position, scale),
  };
}

const dateScale: Scale = {
  min: DAY_MIN,
  max: DAY_MAX,
  step: 1n,
  usual: { min: YEAR_2001_DAYS, max: YEAR_2027_DAYS },
  parse: (text, round) => {
    const micros = parseTimestamp(text);
    return micros === null ? null : divide(micros, MICROS_PER_DAY, round);
  },
  format: (position) => formatDate(Number(position)),
};

function timestampScale(zone: '' | '+00', precision: number): Scale {
  const unit = 10n ** BigInt(6 - precision);
  return {
    min: divide(TIMESTAMP_MIN, unit, 'up'),
    max: divide(TIMESTAMP_MAX, unit, 'down'),
    step: 60_000_000n / unit,
    usual: { min: (YEAR_2001_DAYS * MICROS_PER_DAY) / unit, max: (YEAR_2027_DAYS * MICROS_PER_DAY) / unit },
    parse: (text, round) => {
      const micros = parseTimestamp(text);
      return micros === null ? null : divide(micros, unit, round);
    },
    format: (position) => formatTimestamp(position * unit, zone),
  };
}

function timeScale(withZone: boolean, precision: number): Scale {
  const unit = 10n ** BigInt(6 - precision);
  const zone = withZone ? '+00' : '';
  const last = (MICROS_PER_DAY - 1n) / unit;
  return {
    min: 0n,
    max: last,
    step: 60_000_000n / unit,
    usual: { min: 0n, max: last },
    parse: (text, round) => {
      const micros = parseTime(text);
      return micros === null ? null : divide(micros, unit, round);
    },
    format: (position) => `${formatTime(position * unit)}${zone}`,
  };
}

function divide(value: bigint, unit: bigint, round: 'down' | 'up'): bigint {
  const floor = value / unit - (value % unit < 0n ? 1n : 0n);
  return round === 'up' && floor * unit !== value ? floor + 1n : floor;
}
