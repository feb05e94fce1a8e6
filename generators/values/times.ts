/** Dates and times: fractions with a last digit, leap days, gaps and folds of daylight saving, BC, far future, infinities. */
import { arbitraryFrom } from '../draw.ts';
import { weighEdges, type ValueArbitraries } from './arbitraries.ts';
import { formatDate, formatTime, formatTimestamp, MICROS_PER_DAY } from './calendar.ts';

const DAY_2001 = 11_323;
const DAY_2027 = 20_819;

const DATE_EDGES = [
  '1970-01-01',
  '1969-12-31',
  '2000-02-29',
  '2024-02-29',
  '2023-12-31',
  '2024-01-01',
  '2038-01-19',
  '1900-03-01',
  '2100-02-28',
];
const DATE_EXTREMES = [
  'infinity',
  '-infinity',
  '4713-11-24 BC',
  '5874897-12-31',
  '0044-03-15 BC',
  '0001-01-01',
  '0001-12-31 BC',
  '10000-01-01',
  '9999-12-31',
];

/** Dates. */
export function dateArbitraries(): ValueArbitraries {
  return {
    simplest: ['2000-01-01', '2000-01-02', '1970-01-01', '2024-02-29'],
    edges: weighEdges(DATE_EDGES, DATE_EXTREMES),
    plain: arbitraryFrom((draw) => formatDate(draw.integer(DAY_2001, DAY_2027))),
  };
}

/** A fraction of `precision` digits whose last digit is not zero; nothing where there is no fraction. */
function fraction(digits: string, precision: number): string {
  return precision === 0 ? '' : `.${digits.slice(6 - precision)}`;
}

/** Times of day; `precision` digits of a second's fraction. */
export function timeArbitraries(withZone: boolean, precision: number): ValueArbitraries {
  const zone = withZone ? '+00' : '';
  const moderate = [
    `00:00:00${zone}`,
    `00:00:00${fraction('000001', precision)}${zone}`,
    `12:00:00${zone}`,
    `23:59:59${fraction('999999', precision)}${zone}`,
    `02:30:00${zone}`,
  ];
  const zoned = withZone ? ['12:30:45+14', '12:30:45-12', '08:15:00+05:45'] : [];
  const unit = 10n ** BigInt(6 - precision);
  return {
    simplest: moderate.slice(0, 3),
    edges: weighEdges([...moderate, ...zoned], [`24:00:00${zone}`]),
    plain: arbitraryFrom((draw) => `${formatTime(draw.bigint(0n, (MICROS_PER_DAY - 1n) / unit) * unit)}${zone}`),
  };
}

/** Moments around daylight saving in New York and Berlin 2024, the epoch, 2^31 seconds, leap days and year ends. */
const MOMENTS = [
  '1970-01-01 00:00:00', '1969-12-31 23:59:59', '2024-02-29 23:59:59', '2024-03-10 02:30:00', '2024-03-10 07:00:00', '2024-11-03 01:30:00',
  '2024-11-03 05:59:59', '2024-03-31 01:00:00', '2024-03-31 02:30:00', '2024-10-27 00:59:59', '2024-10-27 02:30:00', '2038-01-19 03:14:07',
  '2023-12-31 23:59:59', '2024-01-01 00:00:00', '2000-01-01 00:00:00', '2001-09-09 01:46:40',
]; // prettier-ignore

const FRACTIONS = ['000001', '999999', '123456', '500001', '000499'];

/** Timestamps, printed in UTC; `precision` digits of a second's fraction. */
export function timestampArbitraries(withZone: boolean, precision: number): ValueArbitraries {
  const zone = withZone ? '+00' : '';
  const whole = MOMENTS.map((moment) => `${moment}${zone}`);
  const fractional = MOMENTS.map(
    (moment, at) => `${moment}${fraction(FRACTIONS[at % FRACTIONS.length] ?? '', precision)}${zone}`,
  );
  const extreme = [
    'infinity',
    '-infinity',
    `0044-03-15 12:00:00${zone} BC`,
    `4713-11-24 00:00:00${zone} BC`,
    `0001-01-01 00:00:00${zone}`,
    `9999-12-31 23:59:59${fraction('999999', precision)}${zone}`,
    `10000-01-01 00:00:00${zone}`,
    `294276-12-31 23:59:59${fraction('999999', precision)}${zone}`,
  ];
  const unit = 10n ** BigInt(6 - precision);
  return {
    simplest: [
      `2000-01-01 00:00:00${zone}`,
      `2000-01-01 00:00:01${zone}`,
      `2000-01-02 00:00:00${fraction('000001', precision)}${zone}`,
    ],
    edges: weighEdges([...fractional, ...whole, ...fractional], extreme),
    plain: arbitraryFrom((draw) =>
      formatTimestamp(recentMicros(draw.integer(DAY_2001, DAY_2027), draw.bigint(0n, MICROS_PER_DAY - 1n), unit), zone),
    ),
  };
}

/** A moment of a day at the type's precision, its last digit not zero. */
function recentMicros(day: number, micros: bigint, unit: bigint): bigint {
  const units = micros / unit;
  const telling = unit < 1_000_000n && units % 10n === 0n ? units + 1n : units;
  return BigInt(day) * MICROS_PER_DAY + telling * unit;
}

/** Intervals: mixed signs, months against days, fractions. */
export function intervalArbitraries(precision: number): ValueArbitraries {
  const tiny = precision === 0 ? '00:00:01' : `00:00:00${fraction('000001', precision)}`;
  return {
    simplest: ['00:00:00', '1 day', '01:00:00', tiny],
    edges: weighEdges(
      [
        '00:00:00',
        '1 mon',
        '30 days',
        '24:00:00',
        '1 day',
        '-1 days',
        '1 year 2 mons 3 days 04:05:06',
        '-1 mons +1 day',
        '1 mon -1 days',
        tiny,
        `-${tiny}`,
        '29 days 23:59:59',
      ],
      ['178000000 years', '-178000000 years', '100000:00:00'],
    ),
    plain: arbitraryFrom(
      (draw) =>
        `${draw.integer(0, 400)} days ${formatTime(draw.bigint(0n, MICROS_PER_DAY / 1_000_000n - 1n) * 1_000_000n)}`,
    ),
  };
}
