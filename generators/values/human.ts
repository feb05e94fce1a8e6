/**
 * The human-looking half: names, tickers, currencies, amounts and recent moments, chosen by what the column is called.
 * Faker draws from the case's own stream, so it holds no state of its own.
 */
import type { Faker } from '@faker-js/faker';
import * as fc from 'fast-check';
import type { ColumnType } from '../../harness/core/schema.ts';
import { arbitraryFrom, type Draw } from '../draw.ts';
import { makeFaker } from '../faker.ts';
import { formatDecimal } from './decimal.ts';
import { cutText } from './texts.ts';

/** Whole numbers between two bounds, both included. */
interface Stream {
  nextInt(min: number, max: number): number;
}

let source: Stream | null = null;

const faker = makeFaker(() => (source === null ? 0 : source.nextInt(0, 0x7fff_ffff) / 0x8000_0000));

function fake(stream: Stream, make: (from: Faker) => string): string {
  source = stream;
  try {
    return make(faker);
  } finally {
    source = null;
  }
}

/** Text that Faker makes, as an arbitrary that shrinks: to the text of the seed 0. */
export function fakedText(make: (from: Faker) => string): fc.Arbitrary<string> {
  return fc.nat(0x7fff_ffff).map((seed) => fake(streamFrom(seed), make));
}

/** Tommy Ettinger's mulberry32: small, and good enough for names. */
function streamFrom(seed: number): Stream {
  let state = seed;
  return {
    nextInt(min, max) {
      state = (state + 0x6d2b_79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return min + (((mixed ^ (mixed >>> 14)) >>> 0) % (max - min + 1));
    },
  };
}

type Maker = (from: Faker, draw: Draw) => string;

/** By the words of a column's name; the first that matches wins. */
const TEXT_MAKERS: readonly (readonly [RegExp, Maker])[] = [
  [/e_?mail/, (f) => f.internet.email()],
  [/first_?name|given/, (f) => f.person.firstName()],
  [/last_?name|surname|family/, (f) => f.person.lastName()],
  [/user_?name|login|nick|handle/, (f) => f.internet.username()],
  [
    /password|passwd|hash|digest|token|secret|checksum/,
    (_, draw) => Array.from({ length: 8 }, () => draw.integer(0x1000, 0xffff).toString(16)).join(''),
  ],
  [/symbol|ticker/, (_, draw) => draw.pick(['AAPL', 'MSFT', 'BRK.B', 'VTI', 'TSLA', 'NESN', '7203.T', 'GOOG'])],
  [/currenc|^ccy$/, (_, draw) => draw.pick(['USD', 'EUR', 'JPY', 'GBP', 'CHF', 'KWD', 'BTC'])],
  [
    /json|metadata|settings|config|payload|preferences|options|attributes|properties/,
    (_, draw) => draw.pick(['{}', '{"a": 1}', '[]', '{"theme": "dark", "limit": 10}', '["x", "y"]']),
  ],
  [/country/, (f) => f.location.countryCode()],
  [/city|town/, (f) => f.location.city()],
  [/state|region|province/, (f) => f.location.state()],
  [/street|address/, (f) => f.location.streetAddress()],
  [/zip|postal|postcode/, (f) => f.location.zipCode()],
  [/company|organi[sz]ation|vendor|supplier|employer/, (f) => f.company.name()],
  [/ur[li]$|link|website|homepage|avatar|href/, (f) => f.internet.url()],
  [/domain|host/, (f) => f.internet.domainName()],
  [/^ip$|_ip$|ip_?addr/, (f) => f.internet.ipv4()],
  [/phone|mobile|fax/, (f) => f.phone.number()],
  [/locale|lang/, (_, draw) => draw.pick(['en', 'de', 'fr-CH', 'pt_BR', 'zh-Hant', 'he'])],
  [/time_?zone|^tz$/, (_, draw) => draw.pick(['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata'])],
  [
    /status|state|phase|stage/,
    (_, draw) => draw.pick(['active', 'inactive', 'pending', 'open', 'closed', 'ACTIVE', 'done']),
  ],
  [/kind|type|category|class/, (_, draw) => draw.pick(['default', 'standard', 'premium', 'internal', 'other'])],
  [/role|permission|scope/, (_, draw) => draw.pick(['admin', 'member', 'viewer', 'owner', 'read', 'write'])],
  [/colou?r/, (_, draw) => draw.pick(['#ff0000', '#00ff7f', 'red', 'teal'])],
  [/product|item|sku/, (f) => f.commerce.productName()],
  [/slug|path|key|code|identifier/, (f) => f.lorem.slug(2)],
  [/version/, (_, draw) => `${draw.integer(0, 9)}.${draw.integer(0, 20)}.${draw.integer(0, 9)}`],
  [
    /description|comment|note|body|content|message|text|bio|summary|reason/,
    (f) => f.lorem.sentence({ min: 2, max: 8 }),
  ],
  [/title|subject|label|headline/, (f) => f.lorem.words({ min: 1, max: 3 })],
  [/name/, (f) => f.person.fullName()],
  [
    /_?at$|date|time/,
    (_, draw) =>
      `20${draw.integer(10, 26)}-0${draw.integer(1, 9)}-${draw.integer(10, 28)}T${draw.integer(10, 23)}:00:00Z`,
  ],
];

const plainWords: Maker = (f) => f.lorem.words({ min: 1, max: 2 });

/** A human-looking arbitrary for a column, or null where the type has none of its own (its plain values serve). */
export function humanArbitrary(tableName: string, columnName: string, type: ColumnType): fc.Arbitrary<string> | null {
  const name = wordsOf(tableName, columnName);
  switch (type.kind) {
    case 'text': {
      const make = findMaker(name) ?? plainWords;
      const cut = (text: string): string =>
        type.fixed ? cutText(text, type.maxLength).trimEnd() : cutText(text, type.maxLength);
      return arbitraryFrom((draw) => cut(fake(draw.random, (from) => make(from, draw))));
    }
    case 'integer':
      return humanInteger(name, BigInt(type.min), BigInt(type.max));
    case 'numeric':
      return humanAmount(type.precision ?? 20, type.precision === null ? 2 : (type.scale ?? 0));
    case 'domain':
      return humanArbitrary(tableName, columnName, type.base);
    default:
      return null;
  }
}

/** Whether a text column's name says what its values look like. */
export function hasTellingName(tableName: string, columnName: string, type: ColumnType): boolean {
  if (type.kind === 'domain') return hasTellingName(tableName, columnName, type.base);
  return type.kind === 'text' && findMaker(wordsOf(tableName, columnName)) !== null;
}

/** The column's name in lower-case words; the number of a version or release is a version. */
function wordsOf(tableName: string, columnName: string): string {
  const name = columnName.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  return /^(num|number|name)$/.test(name) && /^(version|release)s?$/i.test(tableName) ? 'version' : name;
}

function findMaker(name: string): Maker | null {
  return TEXT_MAKERS.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

function humanInteger(name: string, min: bigint, max: bigint): fc.Arbitrary<string> {
  const between = (low: bigint, high: bigint): fc.Arbitrary<string> => {
    const from = low < min ? min : low;
    const to = high > max ? max : high;
    return arbitraryFrom((draw) => draw.bigint(from < to ? from : to, to > from ? to : from).toString());
  };
  if (/^(is|has|can|was|should)_|enabled|disabled|deleted$|active$|flag|visible|archived/.test(name))
    return between(0n, 1n);
  if (max > 4_000_000_000n && /(_at|_on|_ts|time|timestamp|date|expires|since|until)$/.test(name))
    return between(1_262_304_000n, 1_790_000_000n);
  if (/year/.test(name)) return between(1990n, 2027n);
  if (/month/.test(name)) return between(1n, 12n);
  if (/percent|ratio|pct/.test(name)) return between(0n, 100n);
  if (/cents|amount|price|total|balance|bytes|size/.test(name)) return between(0n, 5_000_000n);
  return between(0n, 200n);
}

/** Amounts of one to five digits before the point, at full scale more often than not. */
function humanAmount(precision: number, scale: number): fc.Arbitrary<string> {
  const whole = Math.max(0, precision - scale);
  const most = 10n ** BigInt(Math.min(whole, 5) + Math.max(scale, 0));
  const cents = scale > 2 ? 10n ** BigInt(scale - 2) : 1n;
  const cap = 10n ** BigInt(precision) - 1n;
  return arbitraryFrom((draw) => {
    const units = draw.bigint(0n, most < cap ? most : cap);
    return formatDecimal(draw.chance(40) ? (units / cents) * cents : units, scale);
  });
}
