/**
 * From what a driver made of values back to the database's own text. A module's item is known by its identity alone: the cells of its key
 * come from the row itself, since a driver that turns a timestamp into a Date has already lost what the next cursor would need, and it is
 * the cursor that is judged, not how an item is shown.
 */
import type { Cell, Row } from '../../core/dataset.ts';
import type { Database, Dialect } from '../../core/dialect.ts';
import { PalindromeError } from '../../core/errors.ts';
import type { ModuleItem, PageItem } from '../../core/pager.ts';
import type { PagedTable } from './paged-table.ts';

/** How items of one pager are found again. */
export interface ItemReader {
  readonly database: Database;
  readonly dialect: Dialect;
  readonly paged: PagedTable;
  readonly limitMs: number;
}

/** The items as exact text. Throws `pager-fails` where they lack a column, or an identity is no exact value. */
export async function readItems(reader: ItemReader, items: readonly ModuleItem[]): Promise<readonly PageItem[]> {
  const identities = items.map((item) => identityOf(reader, item));
  const rows = await findRows(reader, identities);
  return Promise.all(
    identities.map(async (identity, index) => {
      const given = reader.paged.key.map(({ column }) => valueOf(reader, items[index] ?? {}, column));
      const row = rows.get(identity.join('\u0000'));
      const key = await Promise.all(given.map((value, at) => keyCell(reader, at, value, row?.key[at])));
      return { identity: row?.identity ?? identity, key };
    }),
  );
}

interface FoundRow {
  readonly identity: Row;
  readonly key: Row;
}

/** The rows that are there now, by the literals that they were asked by. */
async function findRows(
  { database, dialect, paged, limitMs }: ItemReader,
  literals: readonly (readonly string[])[],
): Promise<ReadonlyMap<string, FoundRow>> {
  const found = new Map<string, FoundRow>();
  const { identity } = paged;
  const quote = (name: string): string => dialect.quoteIdentifier(name);
  const columns = [...identity, ...paged.key.map(({ column }) => column)].map(quote);
  const selects = literals.map((values, index) => {
    const where = identity.map((column, at) => `${quote(column)} = ${values[at] ?? 'NULL'}`).join(' AND ');
    return `SELECT ${index} AS asked, ${columns.map((column, at) => `${column} AS c${at}`).join(', ')} FROM ${paged.table.key} WHERE ${where}`;
  });
  if (selects.length === 0) return found;
  const result = await database.query(selects.join('\nUNION ALL '), selects.length * 2, limitMs);
  if (result.status === 'failed')
    throw fails(paged, `returned items that cannot be looked up by (${identity.join(', ')}): ${result.fault.message}`);
  for (const [asked, ...cells] of result.rows) {
    const key = literals[Number(asked)]?.join('\u0000') ?? '';
    found.set(key, {
      identity: cells.slice(0, identity.length),
      key: cells.slice(identity.length),
    });
  }
  return found;
}

/** An identity as constants of SQL. */
function identityOf(reader: ItemReader, item: ModuleItem): readonly string[] {
  return reader.paged.identity.map((column) => {
    const value = valueOf(reader, item, column);
    const cell = exactCell(value, reader.dialect.name);
    if (cell === null)
      throw fails(
        reader.paged,
        `returned ${describe(value)} for ${column}, which cannot tell one row from another`,
        `Return ${column} as text, or name other columns in "identity".`,
      );
    return reader.dialect.renderCell(cell);
  });
}

/** A property under the column's name, or under what an object mapper makes of it: `created_at`, `createdAt`. */
function valueOf({ paged, dialect }: ItemReader, item: ModuleItem, name: string): unknown {
  const exact = Object.hasOwn(item, name) ? name : undefined;
  const found = exact ?? Object.keys(item).find((property) => bare(property) === bare(name));
  if (found !== undefined) return item[found];
  const names = Object.keys(item).join(', ');
  throw fails(
    paged,
    `returned an item without ${name}; it has ${names === '' ? 'nothing' : names}`,
    `Each item needs the columns of the identity and of the key, as ${dialect.name === 'sqlite' ? 'SQLite' : 'PostgreSQL'} names them.`,
  );
}

function bare(name: string): string {
  return name.toLowerCase().replaceAll('_', '');
}

/** The value as a cell where JavaScript has it exactly; null where it does not. */
function exactCell(value: unknown, dialect: Dialect['name']): Cell {
  const isSqlite = dialect === 'sqlite';
  switch (typeof value) {
    case 'string':
      return isSqlite ? `'${value.replaceAll("'", "''")}'` : value;
    case 'bigint':
      return String(value);
    case 'number':
      return Number.isSafeInteger(value) || (!Number.isInteger(value) && Number.isFinite(value)) ? String(value) : null;
    case 'boolean':
      return isSqlite ? (value ? '1' : '0') : value ? 't' : 'f';
    default:
      if (!(value instanceof Uint8Array)) return null;
      return isSqlite ? `X'${Buffer.from(value).toString('hex')}'` : `\\x${Buffer.from(value).toString('hex')}`;
  }
}

/** A cell of the key: the row's own where the driver's value may stand for it, else what the value says. */
async function keyCell(reader: ItemReader, at: number, value: unknown, cell: Cell | undefined): Promise<Cell> {
  if (cell !== undefined && (value === null || value === undefined ? cell === null : mayStandFor(value, cell, reader)))
    return cell;
  const given = value === null || value === undefined ? null : exactCell(value, reader.dialect.name);
  if (given === null) return cell ?? null;
  const column = reader.dialect.quoteIdentifier(reader.paged.key[at]?.column ?? '');
  // An untyped constant beside a column takes its type: what the database makes of the text is its exact form.
  const sql = `SELECT CASE WHEN 1 = 1 THEN ${reader.dialect.renderCell(given)} ELSE ${column} END FROM ${reader.paged.table.key} LIMIT 1`;
  const cast = await reader.database.query(sql, 1, reader.limitMs);
  const canonical = cast.status === 'rows' ? cast.rows[0]?.[0] : undefined;
  if (canonical !== undefined) return canonical;
  return cell ?? given;
}

/** Whether a driver may have made `value` of the text `cell`, exactly or by losing some of it. */
function mayStandFor(value: unknown, cell: Cell, { dialect }: Pick<ItemReader, 'dialect'>): boolean {
  if (cell === null) return false;
  if (exactCell(value, dialect.name) === cell) return true;
  const text = dialect.name === 'sqlite' && cell.startsWith("'") ? cell.slice(1, -1).replaceAll("''", "'") : cell;
  if (value instanceof Date) return timesOf(text).some((time) => isSameInstant(time, value.getTime()));
  if (typeof value === 'number') return Number(text) === value || isInfinite(text, value);
  if (typeof value !== 'string') return false;
  if (value === text) return true;
  const given = timesOf(value);
  return (
    /^[+-]?\d+-\d\d/.test(value) && timesOf(text).some((time) => given.some((other) => isSameInstant(time, other)))
  );
}

/** The instants that a text can mean, in milliseconds: drivers read a text without a zone as local time, or as UTC. */
function timesOf(text: string): readonly number[] {
  const iso = text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');
  const whole = /^\d{4}-\d\d-\d\d$/.test(iso) ? `${iso}T00:00:00` : iso;
  return [Date.parse(whole), Date.parse(`${whole}Z`)].filter((time) => !Number.isNaN(time));
}

/** Some drivers cut off below the millisecond, some round. */
function isSameInstant(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1;
}

function isInfinite(text: string, value: number): boolean {
  return (text === 'infinity' && value === Infinity) || (text === '-infinity' && value === -Infinity);
}

function describe(value: unknown): string {
  if (value instanceof Date) return 'a Date (milliseconds)';
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'number') return `the number ${value}`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function fails({ pager }: PagedTable, what: string, hint?: string): PalindromeError {
  return new PalindromeError('pager-fails', `The pager "${pager.id}" ${what}.`, hint === undefined ? {} : { hint });
}
