/**
 * `matrix_key`: the SHA-256 of the canonical text of a scenario, as 64 lower-case hexadecimal digits.
 *
 * The same scenario has one text, whatever the order of its fields and the way its numbers are written; two scenarios that differ have two.
 * What counts as different is decided for a cache: a key that is needlessly different costs a computation, one that is wrongly the same
 * gives somebody another scenario's matrix.
 *
 * - Fields are sorted by UTF-16 code units. A field that is undefined is missing; null is a value. Order within an array counts.
 * - A number is its exact decimal value: 1, 1.0, 1e0 and 10e-1 are one number, and so are 0 and -0. It is written as digits without trailing
 *   zeros and a power of ten: `15e-1`. A number is never the same as text that looks like it.
 * - Text is compared code point by code point, as PostgreSQL compares `fund_id`. It is not normalised: "é" in one code point and in two are two
 *   texts.
 * - Refused: NaN, infinities, integers beyond 2^53 as JavaScript numbers (they have been rounded already), lone surrogates, undefined in an array, cycles, and
 *   whatever is not plain data.
 *
 * Field order and escapes are those of the JSON Canonicalization Scheme (RFC 8785); its numbers are doubles, and these are not.
 */
import { createHash } from 'node:crypto';

/** An exact decimal given as text. */
export class Decimal {
  readonly text: string;

  /** Takes a number as JSON writes it, with an optional plus sign and leading zeros. Throws `TypeError` for anything else. */
  constructor(text: string) {
    canonicalNumber(text);
    this.text = text;
  }
}

/** What a configuration is made of. */
export type ConfigValue =
  | null
  | boolean
  | string
  | number
  | bigint
  | Decimal
  | readonly ConfigValue[]
  | { readonly [field: string]: ConfigValue | undefined };

/** Everything that a matrix depends on. Two funds with the same parameters have two matrices. */
export interface Scenario {
  readonly fundId: string;
  readonly taxonomyVersion: string;
  readonly config: ConfigValue;
}

/** Deeper nesting is no configuration, and would end the stack before the serialisation. */
const MAX_DEPTH = 500;

/** What `scenario_config` holds: the canonical text of the whole scenario. Throws `TypeError` with the path to what it refuses. */
export function scenarioText({ fundId, taxonomyVersion, config }: Scenario): string {
  if (typeof fundId !== 'string') throw new TypeError('fundId is not text');
  if (typeof taxonomyVersion !== 'string') throw new TypeError('taxonomyVersion is not text');
  if (config === undefined) throw new TypeError('config is undefined');
  return canonicalText({ config, fundId, taxonomyVersion });
}

/** The key under which the scenario's matrix is kept. Throws as `scenarioText`. */
export function matrixKey(scenario: Scenario): string {
  return createHash('sha256').update(scenarioText(scenario), 'utf8').digest('hex');
}

/** One text for each value; it is JSON. Throws `TypeError` with the path to what it refuses. */
export function canonicalText(value: ConfigValue): string {
  return write(value, '$', []);
}

function write(value: unknown, path: string, around: readonly object[]): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return writeText(value, path);
  if (typeof value === 'bigint') return canonicalNumber(String(value));
  if (typeof value === 'number') return writeNumber(value, path);
  if (value instanceof Decimal) return canonicalNumber(value.text);
  if (typeof value !== 'object') throw new TypeError(`${path} is ${typeof value}, which is no value of a configuration`);
  if (around.includes(value)) throw new TypeError(`${path} contains itself`);
  if (around.length >= MAX_DEPTH) throw new TypeError(`${path} lies deeper than ${MAX_DEPTH} levels`);
  const inside = [...around, value];
  if (Array.isArray(value)) return writeArray(value, path, inside);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError(`${path} is not plain data`);
  if (Object.getOwnPropertySymbols(value).length > 0) throw new TypeError(`${path} has a symbol as a field`);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${writeText(name, path)}:${write(field, `${path}.${name}`, inside)}`);
  return `{${fields.join(',')}}`;
}

function writeArray(values: readonly unknown[], path: string, inside: readonly object[]): string {
  if (Object.keys(values).length !== values.length) throw new TypeError(`${path} has holes, or fields beside its items`);
  return `[${values.map((item, at) => write(item, `${path}[${at}]`, inside)).join(',')}]`;
}

function writeText(text: string, path: string): string {
  if (/\p{Surrogate}/u.test(text)) throw new TypeError(`${path} has half of a surrogate pair, which is no text`);
  return JSON.stringify(text);
}

function writeNumber(value: number, path: string): string {
  if (!Number.isFinite(value)) throw new TypeError(`${path} is ${value}, which is no number`);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new TypeError(`${path} is an integer beyond 2^53 and may have been rounded: give a bigint or a Decimal`);
  }
  return canonicalNumber(String(value));
}

/** The value of a decimal as digits without leading or trailing zeros and a power of ten, which is left out where it is 0. */
function canonicalNumber(text: string): string {
  const parts = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (parts === null) throw new TypeError(`${JSON.stringify(text)} is not a decimal number`);
  const [, sign = '', whole = '', fraction = '', power = '0'] = parts;
  const digits = (whole + fraction).replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return '0';
  const exponent = BigInt(power) - BigInt(fraction.length) + BigInt(digits.length - kept.length);
  return `${sign === '-' ? '-' : ''}${kept}${exponent === 0n ? '' : `e${exponent}`}`;
}
