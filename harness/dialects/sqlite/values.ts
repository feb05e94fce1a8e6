/**
 * Values between SQLite and the functions that an application registers.
 */
import type { WireValue } from './protocol.ts';

/** What better-sqlite3 hands to a function (integers as bigint), for the wire. */
export function toWire(value: unknown): WireValue {
  if (value === null || value === undefined) return { kind: 'null' };
  if (typeof value === 'bigint') return { kind: 'integer', text: value.toString() };
  if (typeof value === 'boolean') return { kind: 'integer', text: value ? '1' : '0' };
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) && !Object.is(value, -0)
      ? { kind: 'integer', text: value.toString() }
      : { kind: 'real', text: Object.is(value, -0) ? '-0' : String(value) };
  }
  if (typeof value === 'string') return { kind: 'text', text: value };
  if (value instanceof Uint8Array) return { kind: 'blob', text: Buffer.from(value).toString('hex') };
  throw new TypeError(`A SQL function cannot return ${Array.isArray(value) ? 'an array' : typeof value}.`);
}

/** A value as SQLite hands it over: a real stays a real even where it is whole. */
export function argumentToWire(value: unknown): WireValue {
  return typeof value === 'number'
    ? { kind: 'real', text: Object.is(value, -0) ? '-0' : String(value) }
    : toWire(value);
}

/** For an application's function: integers that a number holds exactly are numbers, others bigint. */
export function fromWire(value: WireValue): null | number | bigint | string | Uint8Array {
  switch (value.kind) {
    case 'null':
      return null;
    case 'integer': {
      const exact = BigInt(value.text);
      return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
    }
    case 'real':
      return Number(value.text);
    case 'blob':
      return Buffer.from(value.text, 'hex');
    default:
      return value.text;
  }
}

/** For SQLite: integers as bigint, which better-sqlite3 stores as integers, and reals as numbers. */
export function toDriver(value: WireValue): null | number | bigint | string | Uint8Array {
  return value.kind === 'integer' ? BigInt(value.text) : fromWire(value);
}
