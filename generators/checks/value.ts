/**
 * Exact SQL values for judging conditions. Three outcomes beside a value matter: `null` is SQL's NULL, and `undefined` says that this
 * harness cannot tell (an unknown function, a comparison that depends on a collation).
 */
import type { Storage } from '../values/storage.ts';
import { parseTime, parseTimestamp } from '../values/calendar.ts';
import { compareDecimals, parseDecimal, type Decimal } from '../values/decimal.ts';

export type Value =
  | { readonly kind: 'number'; readonly number: Decimal }
  /** PostgreSQL sorts NaN above everything. */
  | { readonly kind: 'beyond'; readonly rank: -1 | 1 | 2 }
  | { readonly kind: 'text'; readonly text: string; readonly isFolded: boolean; readonly isOrdered: boolean }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'instant'; readonly micros: bigint }
  | { readonly kind: 'time'; readonly micros: bigint }
  | { readonly kind: 'list'; readonly items: readonly (Value | null)[] }
  /** A value of which only its text is known: json, ranges, addresses. */
  | { readonly kind: 'other'; readonly type: string; readonly text: string };

export type Outcome = Value | null | undefined;

export const TRUE: Value = { kind: 'boolean', value: true };
export const FALSE: Value = { kind: 'boolean', value: false };

/** A boolean as a value. */
export function booleanValue(value: boolean): Value {
  return value ? TRUE : FALSE;
}

/** A whole number as a value. */
export function wholeValue(value: number | bigint): Value {
  return { kind: 'number', number: { units: BigInt(value), scale: 0 } };
}

/** Plain text as a value: compared byte by byte for equality, in no known order. */
export function textValue(text: string): Value {
  return { kind: 'text', text, isFolded: false, isOrdered: false };
}

/** The value that `text` has in a column of this storage. */
export function valueOf(storage: Storage, text: string): Outcome {
  const type = storage.type;
  if (storage.comparesAsText) {
    return { kind: 'text', text, isFolded: type.kind === 'text' && type.caseInsensitive, isOrdered: true };
  }
  return typedValue(type, text);
}

function typedValue(type: Storage['type'], text: string): Outcome {
  switch (type.kind) {
    case 'domain':
      return typedValue(type.base, text);
    case 'integer':
    case 'numeric':
    case 'float':
    case 'money':
      return numberValue(text);
    case 'boolean':
      return booleanValue(text === 't' || text === 'true');
    case 'text':
      return {
        kind: 'text',
        text: type.fixed ? text.trimEnd() : text,
        isFolded: type.caseInsensitive,
        isOrdered: false,
      };
    case 'enum':
    case 'uuid':
      return textValue(text);
    case 'date':
    case 'timestamp':
      return instantValue(text);
    case 'time': {
      const micros = parseTime(text);
      return micros === null || type.withZone ? undefined : { kind: 'time', micros };
    }
    case 'array':
      return arrayValue(type.element, text);
    default:
      return { kind: 'other', type: type.kind, text };
  }
}

/** A number, NaN or an infinity from its text; undefined for anything else. */
export function numberValue(text: string): Outcome {
  const number = parseDecimal(text.replace(/^\$/, ''));
  if (number !== null) return { kind: 'number', number };
  return beyond(text);
}

/** A date or a timestamp from its text; undefined for anything else. */
export function instantValue(text: string): Outcome {
  const micros = parseTimestamp(text);
  return micros === null ? beyond(text) : { kind: 'instant', micros };
}

function beyond(text: string): Outcome {
  const word = text.toLowerCase();
  if (word === 'nan') return { kind: 'beyond', rank: 2 };
  if (word === 'infinity') return { kind: 'beyond', rank: 1 };
  return word === '-infinity' ? { kind: 'beyond', rank: -1 } : undefined;
}

/** Flat arrays whose elements are quoted, bare or NULL. */
function arrayValue(element: Storage['type'], text: string): Outcome {
  if (!text.startsWith('{') || text.includes('{', 1)) return undefined;
  const items: (Value | null)[] = [];
  for (const [, quoted, bare] of text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,"]+)/gs)) {
    const inner = quoted === undefined ? bare : quoted.replaceAll(/\\(.)/gs, '$1');
    const item = quoted === undefined && inner?.toUpperCase() === 'NULL' ? null : typedValue(element, inner ?? '');
    if (item === undefined) return undefined;
    items.push(item);
  }
  return { kind: 'list', items };
}

/** Below, at or above zero as `left` is below, equal to or above `right`; undefined: cannot tell. `equality` asks for zero or not only. */
export function compareValues(left: Value, right: Value, equality: boolean): number | undefined {
  if (left.kind === 'text' && right.kind !== 'text') return opposite(compareValues(right, left, equality));
  if (left.kind === 'beyond' || right.kind === 'beyond') return rankOf(left) - rankOf(right);
  switch (left.kind) {
    case 'number': {
      const other = right.kind === 'text' ? numberValue(right.text) : right;
      return other?.kind === 'number' ? compareDecimals(left.number, other.number) : undefined;
    }
    case 'instant': {
      const other = right.kind === 'text' ? instantValue(right.text) : right;
      if (other?.kind === 'beyond') return -other.rank;
      return other?.kind === 'instant' ? sign(left.micros - other.micros) : undefined;
    }
    case 'time': {
      const other = right.kind === 'text' ? parseTime(right.text) : right.kind === 'time' ? right.micros : null;
      return other === null ? undefined : sign(left.micros - other);
    }
    case 'boolean': {
      const other =
        right.kind === 'text' ? /^(t|true|1)$/i.test(right.text) : right.kind === 'boolean' ? right.value : undefined;
      return other === undefined ? undefined : Number(left.value) - Number(other);
    }
    case 'text':
      return right.kind === 'text' ? compareTexts(left, right, equality) : undefined;
    default:
      return equality && right.kind === left.kind && JSON.stringify(left) === JSON.stringify(right) ? 0 : undefined;
  }
}

type TextValue = Extract<Value, { kind: 'text' }>;

function compareTexts(left: TextValue, right: TextValue, equality: boolean): number | undefined {
  const isFolded = left.isFolded || right.isFolded;
  const a = isFolded ? left.text.toLowerCase() : left.text;
  const b = isFolded ? right.text.toLowerCase() : right.text;
  if (a === b) return 0;
  return equality || left.isOrdered || right.isOrdered ? (a < b ? -1 : 1) : undefined;
}

function rankOf(value: Value): number {
  return value.kind === 'beyond' ? value.rank : 0;
}

function opposite(order: number | undefined): number | undefined {
  return order === undefined ? undefined : -order;
}

function sign(difference: bigint): number {
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
