/**
 * Whether the columns that a pager orders by tell every row from every other. Where they do not, rows with equal keys stand in no order,
 * and a page boundary between them skips or repeats some: that is known from the schema, before anything runs.
 */
import type { PagerKey } from './pager.ts';
import { splitName } from './schema-lookup.ts';
import type { Table } from './schema.ts';

/**
 * Why K is not a total order over the rows that match `filter`, as a sentence; null: a primary key, or a unique and not null set of
 * columns, lies within it. A column that the filter fixes to one value counts as part of K.
 */
export function whyNotTotal(table: Table, key: readonly PagerKey[], filter: string | null): string | null {
  const own = key.map(({ column }) => nameIn(table, column));
  const covered = new Set([...own, ...fixedColumns(table, filter)]);
  const isCovered = (columns: readonly string[]): boolean =>
    columns.length > 0 && columns.every((column) => covered.has(column));
  const isNullable = (name: string): boolean =>
    table.columns.find((column) => column.name === name)?.isNullable ?? false;
  const whole = [
    table.primaryKey,
    ...table.uniques
      .filter(({ hasExpressions, predicate }) => !hasExpressions && predicate === null)
      .map(({ columns }) => columns),
  ].filter((columns) => isCovered(columns));
  if (whole.some((columns) => !columns.some((column) => isNullable(column)))) return null;
  const nullsOnce = table.uniques.some(
    ({ columns, hasExpressions, predicate, nullsNotDistinct }) =>
      nullsNotDistinct && !hasExpressions && predicate === null && isCovered(columns),
  );
  if (nullsOnce) return null;
  const order = `the order (${own.join(', ')}) of ${table.key}`;
  const [nullable] = whole;
  if (nullable !== undefined) {
    const which = nullable.filter((column) => isNullable(column)).join(', ');
    return `${order} does not tell all rows apart: ${which} may be NULL, and NULLs are not unique`;
  }
  const missing = table.primaryKey.filter((column) => !covered.has(column));
  const fix =
    missing.length === 0
      ? 'the table has no primary key that could break ties'
      : `end it with ${missing.join(', ')} to break ties`;
  return `${order} does not tell all rows apart: no unique key of the table lies within it; ${fix}`;
}

/** The column as the model calls it, whichever way SQL names it. */
function nameIn({ columns }: Table, reference: string): string {
  const name = splitName(reference).at(-1) ?? reference;
  const found = columns.find((column) => column.name === name);
  return found?.name ?? columns.find((column) => column.name === name.toLowerCase())?.name ?? name;
}

const FIXED =
  /^\s*\(?\s*("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$.]*)\s*=\s*(?:'(?:[^']|'')*'|-?\d[\d.]*|\$\d+|\?\d*|true|false)(?:::[\w\s"]+)?\s*\)?\s*$/iu;

/** Columns that each row of F has the same value in: `tenant = 7 AND …`. Only what is surely so; an OR anywhere fixes nothing. */
function fixedColumns(table: Table, filter: string | null): readonly string[] {
  if (filter === null || /\bor\b/i.test(filter)) return [];
  return filter.split(/\band\b/i).flatMap((part) => {
    const column = FIXED.exec(part)?.[1];
    return column === undefined ? [] : [nameIn(table, column)];
  });
}
