/**
 * How a column's inner text becomes a `Cell` and back. Inside this folder a value is always the text of a PostgreSQL-like type; on PostgreSQL
 * that is the cell itself, on SQLite it is written as the literal of the storage class that the column's declared type asks for.
 */
import type { DialectName } from '../../harness/core/migration.ts';
import type { Column, ColumnType } from '../../harness/core/schema.ts';

export interface Storage {
  /** The type whose texts the column holds. */
  readonly type: ColumnType;
  encode(text: string): string;
  /** The inner text of a cell; null: a cell that `encode` would not make (another storage class). */
  decode(cell: string): string | null;
  /** Whether the database compares the values as text whatever the type says (SQLite's dates). */
  readonly comparesAsText: boolean;
  /** Texts that the type admits but this storage cannot hold. */
  admits(text: string): boolean;
}

const AS_IS: Omit<Storage, 'type'> = {
  encode: (text) => text,
  decode: (cell) => cell,
  comparesAsText: false,
  admits: () => true,
};

/** The storage of a column. */
export function storageOf(dialect: DialectName, column: Column): Storage {
  return dialect === 'sqlite' && column.type.kind === 'sqlite'
    ? sqliteStorage(column.type, column.defaultSql)
    : { type: column.type, ...AS_IS };
}

/** `'it''s'`. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function unquoteText(cell: string): string | null {
  return cell.length >= 2 && cell.startsWith("'") && cell.endsWith("'")
    ? cell.slice(1, -1).replaceAll("''", "'")
    : null;
}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** What is no number (a user's own generator may give anything) is stored as text, as SQLite itself would. */
function encodeNumber(text: string): string {
  if (text === 'Infinity') return '9.0e+999';
  if (text === '-Infinity') return '-9.0e+999';
  return NUMBER.test(text) ? text : quoteText(text);
}

const TEXTUAL = {
  encode: quoteText,
  decode: unquoteText,
  comparesAsText: true,
  admits: (text: string) => !text.includes('\u0000'),
};
const CALENDAR = { ...TEXTUAL, admits: (text: string) => /^\d{4}-/.test(text) };
const CLOCK = { ...TEXTUAL, admits: (text: string) => /^\d\d:\d\d/.test(text) };
const NUMERIC = {
  encode: encodeNumber,
  decode: (cell: string) => (NUMBER.test(cell) ? cell : null),
  comparesAsText: false,
  admits: (text: string) => text !== 'NaN',
};
const BOOLEAN = {
  encode: (text: string) => (text === 't' ? '1' : text === 'f' ? '0' : encodeNumber(text)),
  decode: (cell: string) => (cell === '1' ? 't' : cell === '0' ? 'f' : null),
  comparesAsText: false,
  admits: () => true,
};
const BYTES = {
  encode: (text: string) => (/^\\x(?:[0-9a-f]{2})*$/i.test(text) ? `X'${text.slice(2)}'` : quoteText(text)),
  decode: (cell: string) => (/^x'/i.test(cell) ? `\\x${cell.slice(2, -1).toLowerCase()}` : null),
  comparesAsText: false,
  admits: () => true,
};

const INT64: ColumnType = { kind: 'integer', min: '-9223372036854775808', max: '9223372036854775807' };
const UTC_SECONDS: ColumnType = { kind: 'integer', min: '0', max: '253402300799' };

function sqliteStorage(type: Extract<ColumnType, { kind: 'sqlite' }>, defaultSql: string | null): Storage {
  const { declared, affinity } = type;
  const hasEpochDefault = defaultSql !== null && /unixepoch|'%s'|"%s"/i.test(defaultSql);
  if (/BOOL/.test(declared)) return { type: { kind: 'boolean' }, ...BOOLEAN };
  if (/DATETIME|TIMESTAMP|DATE|TIME/.test(declared) && affinity !== 'BLOB')
    return calendarStorage(declared, affinity, hasEpochDefault);
  if (/JSON/.test(declared)) return { type: { kind: 'json', binary: false }, ...TEXTUAL };
  if (/UUID|GUID/.test(declared)) return { type: { kind: 'uuid' }, ...TEXTUAL };
  switch (affinity) {
    case 'INTEGER':
      return { type: hasEpochDefault ? UTC_SECONDS : INT64, ...NUMERIC };
    case 'REAL':
      return { type: { kind: 'float', bits: 64 }, ...NUMERIC };
    case 'NUMERIC':
      return { type: decimalType(declared), ...NUMERIC };
    case 'TEXT':
      return {
        type: { kind: 'text', maxLength: declaredLength(declared), fixed: false, caseInsensitive: type.isNoCase },
        ...TEXTUAL,
      };
    default:
      return declared === 'BLOB'
        ? { type: { kind: 'bytes' }, ...BYTES }
        : { type: { kind: 'text', maxLength: null, fixed: false, caseInsensitive: type.isNoCase }, ...TEXTUAL };
  }
}

function calendarStorage(declared: string, affinity: string, hasEpochDefault: boolean): Storage {
  if (affinity === 'INTEGER' || hasEpochDefault) return { type: UTC_SECONDS, ...NUMERIC };
  if (/DATETIME|TIMESTAMP/.test(declared))
    return { type: { kind: 'timestamp', withZone: false, precision: 6 }, ...CALENDAR };
  return declared.includes('DATE')
    ? { type: { kind: 'date' }, ...CALENDAR }
    : { type: { kind: 'time', withZone: false, precision: 6 }, ...CLOCK };
}

/** SQLite does not enforce lengths; applications do. */
function declaredLength(declared: string): number | null {
  const match = /\((\d{1,6})\)/.exec(declared);
  return match === null ? null : Number(match[1]);
}

function decimalType(declared: string): ColumnType {
  const match = /\((\d{1,3})(?:\s*,\s*(\d{1,3}))?\)/.exec(declared);
  const precision = match === null ? 12 : Math.max(1, Math.min(15, Number(match[1])));
  const scale = match === null ? 2 : Math.min(Number(match[2] ?? '0'), precision);
  return { kind: 'numeric', precision, scale, hasNaN: false, hasInfinity: false };
}
