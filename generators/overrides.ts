/** The user's own arbitraries (`generators` in the configuration): found by column name, their values turned into exact text. */
import type * as fc from 'fast-check';
import { messageOf, PalindromeError } from '../harness/core/errors.ts';
import type { DialectName } from '../harness/core/migration.ts';
import type { Table } from '../harness/core/schema.ts';
import { storageOf, type Storage } from './values/storage.ts';

/** The override of a column as an arbitrary of inner text; null: there is none. */
export type FindOverride = (dialect: DialectName, table: Table, column: string) => fc.Arbitrary<string | null> | null;

/** Overrides by `table.column` or `schema.table.column`, each part quoted or not. Unquoted parts match whatever their case. */
export function makeOverrides(overrides: Readonly<Record<string, fc.Arbitrary<unknown>>>): FindOverride {
  const entries = Object.entries(overrides).map(([name, arbitrary]) => ({ name, parts: splitName(name), arbitrary }));
  return (dialect, table, column) => {
    const names = [table.schema, table.name, column];
    const found = entries.find(({ parts }) => matches(parts, names));
    const plan = table.columns.find((candidate) => candidate.name === column);
    if (found === undefined || plan === undefined) return null;
    const storage = storageOf(dialect, plan);
    return found.arbitrary.map((value) => valueText(value, storage, found.name));
  };
}

interface NamePart {
  readonly text: string;
  readonly isQuoted: boolean;
}

function splitName(name: string): NamePart[] {
  return (name.match(/"(?:[^"]|"")*"|[^.]+/g) ?? []).map((part) =>
    part.startsWith('"')
      ? { text: part.slice(1, -1).replaceAll('""', '"'), isQuoted: true }
      : { text: part.trim(), isQuoted: false },
  );
}

function matches(parts: readonly NamePart[], names: readonly string[]): boolean {
  if (parts.length < 2 || parts.length > names.length) return false;
  const compared = names.slice(names.length - parts.length);
  return parts.every(({ text, isQuoted }, at) => {
    const name = compared[at] ?? '';
    return name === text || (!isQuoted && name.toLowerCase() === text.toLowerCase());
  });
}

/** A value of a user's generator as inner text. Throws `PalindromeError` (`generator-value`) for what is not exact; `name` says whose it is. */
export function valueText(value: unknown, storage: Storage, name: string): string | null {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case 'string':
      return value;
    case 'bigint':
      return value.toString();
    case 'boolean':
      return storage.type.kind === 'boolean' ? (value ? 't' : 'f') : value ? '1' : '0';
    case 'number':
      if (Number.isSafeInteger(value)) return value.toString();
      throw refuse(
        name,
        `the number ${value}`,
        'Give decimals and numbers beyond 2^53 as text or bigint: a JavaScript number is not exact.',
      );
    case 'object':
      return objectText(value, name);
    default:
      throw refuse(
        name,
        `a ${typeof value}`,
        'Give text, bigint, a whole number, a boolean, null, a Uint8Array or a plain object.',
      );
  }
}

function objectText(value: object, name: string): string {
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (value instanceof Date) throw refuse(name, 'a Date', 'Give the moment as text: a Date has no microseconds.');
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) {
    throw refuse(name, 'an object of a class', 'Give a plain object, which becomes JSON.');
  }
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw refuse(
      name,
      `an object that is no JSON (${messageOf(error)})`,
      'Give a plain object without cycles and bigints.',
    );
  }
}

function refuse(name: string, what: string, hint: string): PalindromeError {
  return new PalindromeError(
    'generator-value',
    `The generator for ${name} gave ${what}, which cannot become an exact value.`,
    { hint },
  );
}
