/**
 * The SQL of keyset pagination over one table, as the literature has it: the rows after a key, in order. Where all parts go one way and
 * none says where NULL stands it compares rows (`(a, b) < ($1, $2)`), which an index answers as one range; else it spells the order out.
 */
import type { DialectName } from './migration.ts';
import type { Pager, PagerKey, SqlPages } from './pager.ts';

export interface KeysetRequest extends Pick<Pager, 'table' | 'key' | 'filter'> {
  readonly dialect: DialectName;
  readonly cursor: SqlPages['cursor'];
}

/** First and later pages. Items are whole rows. */
export function keysetSql(request: KeysetRequest): { readonly first: string; readonly next: string } {
  const { table, key, filter, dialect, cursor } = request;
  const mark = (position: number): string => `${dialect === 'sqlite' ? '?' : '$'}${position}`;
  const order = `ORDER BY ${key.map(renderPart).join(', ')}`;
  const own = filter === null ? [] : [`(${filter})`];
  const select = `SELECT * FROM ${table}`;
  const first = `${select}${where(own)} ${order} LIMIT ${mark(1)}`;
  if (cursor === 'offset') return { first, next: `${select}${where(own)} ${order} LIMIT ${mark(2)} OFFSET ${mark(1)}` };
  const after = rowsAfter(key, dialect, mark);
  return { first, next: `${select}${where([...own, after])} ${order} LIMIT ${mark(key.length + 1)}` };
}

function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}

/** The order read from its end. */
export function reverseKey(key: readonly PagerKey[]): readonly PagerKey[] {
  return key.map(({ column, direction, nulls }) => ({
    column,
    direction: direction === 'asc' ? 'desc' : 'asc',
    nulls: nulls === null ? null : nulls === 'first' ? 'last' : 'first',
  }));
}

function renderPart({ column, direction, nulls }: PagerKey): string {
  return `${column}${direction === 'desc' ? ' DESC' : ''}${nulls === null ? '' : ` NULLS ${nulls.toUpperCase()}`}`;
}

function rowsAfter(key: readonly PagerKey[], dialect: DialectName, mark: (position: number) => string): string {
  const [first] = key;
  const isPlain = key.every(({ direction, nulls }) => direction === first?.direction && nulls === null);
  if (isPlain) {
    const compare = first?.direction === 'desc' ? '<' : '>';
    const columns = key.map(({ column }) => column);
    const marks = key.map((_part, index) => mark(index + 1));
    return key.length === 1
      ? `${columns[0] ?? ''} ${compare} ${mark(1)}`
      : `(${columns.join(', ')}) ${compare} (${marks.join(', ')})`;
  }
  return key.reduceRight<string>((rest, part, index) => {
    const value = mark(index + 1);
    const after = partAfter(part, value);
    return rest === '' ? after : `(${after} OR (${partEqual(part, value, dialect)} AND ${rest}))`;
  }, '');
}

/** PostgreSQL learns a parameter's type from the first place where it stands, so the comparison comes first. */
function partAfter({ column, direction, nulls }: PagerKey, value: string): string {
  const compare = `${column} ${direction === 'desc' ? '<' : '>'} ${value}`;
  if (nulls === null) return compare;
  const [before, later] = nulls === 'first' ? [value, column] : [column, value];
  return `(${compare} OR (${before} IS NULL AND ${later} IS NOT NULL))`;
}

function partEqual({ column, nulls }: PagerKey, value: string, dialect: DialectName): string {
  if (nulls === null) return `${column} = ${value}`;
  return dialect === 'sqlite' ? `${column} IS ${value}` : `${column} IS NOT DISTINCT FROM ${value}`;
}
