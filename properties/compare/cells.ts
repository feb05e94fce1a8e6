/**
 * When two cells count as the same value. Everything works on exact text: no value becomes a JavaScript number or Date.
 */
import { type ClockWindow, isClockReading } from '../../harness/core/clock.ts';
import type { Cell } from '../../harness/core/dataset.ts';

/** The same column at two moments: equal text, or two readings of the run's clock. */
export function isSameCell(expected: Cell, actual: Cell, window: ClockWindow): boolean {
  return expected === actual || (isClockReading(expected, window) && isClockReading(actual, window));
}

/** The same value under two types: equal text, or equal as an exact decimal, a time, a padded string, a boolean, or JSON. */
export function isSameValue(before: Cell, beforeType: string, after: Cell, afterType: string): boolean {
  if (before === after) return true;
  if (before === null || after === null || beforeType === afterType) return false;
  const normal = [normalise(before), normalise(after)] as const;
  return normal[0] === normal[1] || (isJsonType(beforeType) && isJsonType(afterType) && isSameJson(before, after));
}

function normalise(text: string): string {
  const bare =
    text.startsWith("'") && text.endsWith("'") && text.length >= 2 ? text.slice(1, -1).replaceAll("''", "'") : text;
  const trimmed = bare.trimEnd();
  return normaliseDecimal(trimmed) ?? normaliseTime(trimmed) ?? normaliseBoolean(trimmed) ?? trimmed;
}

function normaliseDecimal(text: string): string | null {
  const match = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(text);
  if (match === null) return null;
  const whole = (match[2] ?? '').replace(/^0+(?=\d)/, '');
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  const digits = fraction === '' ? whole : `${whole}.${fraction}`;
  return match[1] === '-' && digits !== '0' ? `-${digits}` : digits;
}

function normaliseTime(text: string): string | null {
  const match = /^(\d{4,}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(?:\.(\d+))?)?(?:Z|[+-]00(?::?00)?)?( BC)?$/.exec(text);
  if (match === null) return null;
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  return `${match[1]} ${match[2] ?? '00:00:00'}${fraction === '' ? '' : `.${fraction}`}${match[4] ?? ''}`;
}

function normaliseBoolean(text: string): string | null {
  if (text === 't' || text === 'true') return '1';
  return text === 'f' || text === 'false' ? '0' : null;
}

function isJsonType(type: string): boolean {
  return /^jsonb?$/i.test(type);
}

/** JSON texts that differ in blanks and key order alone. Numbers are compared as written. */
function isSameJson(a: string, b: string): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function canonicalJson(text: string): string {
  const quotedNumbers = text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    token.startsWith('"') ? token : JSON.stringify(`\u0000${token}`),
  );
  try {
    return JSON.stringify(sortKeys(JSON.parse(quotedNumbers)));
  } catch {
    return text;
  }
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  );
}
