/**
 * How to fill tables with thousands of rows inside the database: what each column of the n-th new row is made of. Dialects turn it into SQL.
 *
 * Keys are kept: each unique key gets a column that differs from row to row, foreign keys take rows of their parents in turn. Columns of
 * partition keys copy rows that are there, columns of checks do so in every other row and else take values that the checks may admit;
 * everything else varies. What a table still
 * refuses stays out, so that whoever asked must count.
 */
import type { Cell } from './dataset.ts';
import type { Column, ForeignKey, SchemaModel, Table } from './schema.ts';

/** Where a column's value comes from, for the n-th new row. */
type Source =
  /** Different in each new row. */
  | { readonly from: 'distinct' }
  /** One of some hundred values, NULL now and then where that is allowed. */
  | { readonly from: 'varied' }
  /** That of a row that is already there, NULL where the table is empty; in every other row one of `instead`, which checks may admit. */
  | { readonly from: 'copy'; readonly instead: readonly string[] }
  /** Column `column` of a row of the parent of key `key`. */
  | { readonly from: 'parent'; readonly key: number; readonly column: string };

export interface FillingColumn {
  readonly column: Column;
  readonly source: Source;
}

/** A parent whose rows are taken in turn. */
export interface FillingParent {
  /** `Table.key`. */
  readonly table: string;
  readonly columns: readonly string[];
  /** Keys before this one in the same unique key: this parent moves on when all of theirs have had their turn. */
  readonly after: readonly number[];
  /** Whether a new row may do without. */
  readonly isOptional: boolean;
}

export interface TableFilling {
  readonly table: Table;
  /** New rows to propose. */
  readonly rows: number;
  readonly columns: readonly FillingColumn[];
  readonly parents: readonly FillingParent[];
}

/** Rows of a parent that is filled only so that its children differ. */
const PARENT_ROWS = 50;

/** Values that a column of checks may take, as cells. */
export type Admitted = (table: Table, column: string) => readonly Cell[];

/** Plans the filling of `tables` (`Table.key`) with `rows` new rows each, and of their parents with fewer, parents first. */
export function planPopulation(
  model: SchemaModel,
  tables: readonly string[],
  rows: number,
  admitted: Admitted,
): readonly TableFilling[] {
  const byKey = new Map(model.tables.map((table) => [table.key, table]));
  const wanted = new Map<string, number>();
  const ordered: Table[] = [];
  const visit = (table: Table, count: number): void => {
    const known = wanted.get(table.key);
    if (known !== undefined && known >= count) return;
    wanted.set(table.key, count);
    for (const key of table.foreignKeys) {
      const parent = byKey.get(key.refTable);
      if (parent === undefined || parent === table) continue;
      visit(parent, isSoleKey(table, key) ? count : Math.min(count, PARENT_ROWS));
    }
    if (known === undefined) ordered.push(table);
  };
  for (const key of tables) {
    const table = byKey.get(key);
    if (table !== undefined) visit(table, rows);
  }
  return ordered
    .filter((table) => table.notInsertable === null)
    .map((table) => planTable(table, wanted.get(table.key) ?? rows, admitted));
}

/** Whether each parent can have but one child, or but few: then there must be as many parents. */
function isSoleKey(table: Table, key: ForeignKey): boolean {
  return table.uniques.some(
    (unique) =>
      unique.columns.length > 0 &&
      unique.columns.every((name) => key.columns.includes(name) || !canDiffer(table, name)) &&
      unique.columns.some((name) => key.columns.includes(name)),
  );
}

function planTable(table: Table, rows: number, admitted: Admitted): TableFilling {
  const keys = usableKeys(table);
  const fromParent = new Map<string, Source>(
    keys.flatMap((key, at) =>
      key.columns.map((name, position): [string, Source] => [
        name,
        { from: 'parent', key: at, column: key.refColumns[position] ?? '' },
      ]),
    ),
  );
  const distinct = chooseDistinct(table, new Set(fromParent.keys()));
  return {
    table,
    rows,
    columns: table.columns
      .filter(({ generated }) => generated === null)
      .map((column) => ({ column, source: sourceOf(table, column, fromParent, distinct, admitted) })),
    parents: keys.map((key, at) => ({
      table: key.refTable,
      columns: key.refColumns,
      after: keysBefore(table, keys, at),
      isOptional: key.columns.some((name) => isNullable(table, name)),
    })),
  };
}

/** Keys to other tables that share no column: where two overlap, the rows that are there know what goes together. */
function usableKeys(table: Table): readonly ForeignKey[] {
  return table.foreignKeys.filter(
    (key) =>
      key.refTable !== table.key &&
      !table.foreignKeys.some((other) => other !== key && other.columns.some((name) => key.columns.includes(name))),
  );
}

/** The keys before `at` that a unique key without a column of its own holds together with it. */
function keysBefore(table: Table, keys: readonly ForeignKey[], at: number): readonly number[] {
  const mine = keys[at]?.columns ?? [];
  const shared = table.uniques.filter((unique) => mine.some((name) => unique.columns.includes(name)));
  return keys.flatMap((key, other) =>
    other < at && shared.some((unique) => key.columns.some((name) => unique.columns.includes(name))) ? [other] : [],
  );
}

function sourceOf(
  table: Table,
  column: Column,
  fromParent: ReadonlyMap<string, Source>,
  distinct: ReadonlySet<string>,
  admitted: Admitted,
): Source {
  const parent = fromParent.get(column.name);
  if (parent !== undefined) return parent;
  if (distinct.has(column.name)) return { from: 'distinct' };
  const isBound =
    table.foreignKeys.some((key) => key.columns.includes(column.name)) ||
    table.exclusions.some((exclusion) => exclusion.columns.includes(column.name)) ||
    (table.partitioning?.columns.includes(column.name) ?? false);
  if (isBound) return { from: 'copy', instead: [] };
  const isChecked =
    column.type.kind === 'domain' ||
    table.checks.some((check) => check.columns.includes(column.name) || check.columns.length === 0);
  if (!isChecked) return { from: 'varied' };
  return { from: 'copy', instead: admitted(table, column.name).filter((cell) => cell !== null) };
}

/** For each unique key one column that differs in each new row, as few as possible. */
function chooseDistinct(table: Table, taken: ReadonlySet<string>): ReadonlySet<string> {
  const chosen = new Set<string>();
  for (const { columns } of table.uniques) {
    if (columns.some((name) => chosen.has(name))) continue;
    const free = columns.filter((name) => !taken.has(name) && canDiffer(table, name));
    const unchecked = free.find((name) => !table.checks.some((check) => check.columns.includes(name)));
    const best = unchecked ?? free[0];
    if (best !== undefined) chosen.add(best);
  }
  return chosen;
}

/** Types that have thousands of values which SQL can count out. */
function canDiffer(table: Table, name: string): boolean {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined || column.generated !== null) return false;
  if (table.foreignKeys.some((key) => key.columns.includes(name))) return false;
  const { type } = column;
  switch (type.kind) {
    case 'integer':
    case 'float':
    case 'bytes':
    case 'date':
    case 'timestamp':
    case 'uuid':
    case 'sqlite':
      return true;
    case 'numeric':
      return type.precision === null || type.precision - (type.scale ?? 0) >= 4;
    case 'text':
      return type.maxLength === null || type.maxLength >= 3;
    default:
      return false;
  }
}

function isNullable(table: Table, name: string): boolean {
  return table.columns.find((column) => column.name === name)?.isNullable ?? false;
}
