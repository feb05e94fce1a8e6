/**
 * Filling a table with thousands of rows in one statement.
 */
import type { FillingColumn, FillingParent, TableFilling } from '../../core/population.ts';
import type { ColumnType } from '../../core/schema.ts';
import { quoteName } from './quote.ts';

/** Rows of the table that are copied from, and of each parent that are taken in turn. */
const MOST_COPIED = 50;
const MOST_PARENTS = 5_000;

/** The script. Rows that break a constraint are left out; foreign keys rest, triggers cannot. */
export function renderFilling({ table, rows, columns, parents }: TableFilling): string {
  const names = columns.map(({ column }) => quoteName(column.name));
  const values = columns.map((column) => valueOf(column, parents));
  return [
    'PRAGMA foreign_keys = OFF;',
    `WITH RECURSIVE palindrome_i(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM palindrome_i WHERE i < ${rows}),`,
    ` there AS MATERIALIZED (SELECT row_number() OVER () - 1 AS palindrome_n, t.* FROM main.${table.key} t LIMIT ${MOST_COPIED}),`,
    ...parents.map(renderParent),
    ` few AS MATERIALIZED (SELECT max(count(*), 1) AS there FROM there)`,
    `INSERT OR IGNORE INTO main.${table.key} (${names.join(', ')})`,
    `SELECT ${values.join(',\n       ')}`,
    `FROM palindrome_i CROSS JOIN few`,
    `LEFT JOIN there ON there.palindrome_n = i % few.there`,
    `${parents.map(joinParent).join('\n')};`,
  ].join('\n');
}

function renderParent({ table, columns }: FillingParent, at: number): string {
  const names = columns.map(quoteName).join(', ');
  return (
    ` p${at} AS MATERIALIZED (SELECT row_number() OVER () - 1 AS palindrome_n, ${names} FROM main.${table} LIMIT ${MOST_PARENTS}),` +
    ` c${at} AS MATERIALIZED (SELECT max(count(*), 1) AS n FROM p${at}),`
  );
}

function joinParent({ after, isOptional }: FillingParent, at: number): string {
  const turn = ['i', ...after.map((other) => `(SELECT n FROM c${other})`)].join(' / ');
  return `${isOptional ? 'LEFT JOIN' : 'JOIN'} p${at} ON p${at}.palindrome_n = (${turn}) % (SELECT n FROM c${at})`;
}

function valueOf({ column, source }: FillingColumn, parents: readonly FillingParent[]): string {
  const there = `there.${quoteName(column.name)}`;
  if (source.from === 'copy') return copiedValue(there, source.instead);
  if (source.from === 'parent') {
    const value = `p${source.key}.${quoteName(source.column)}`;
    return parents[source.key]?.isOptional === true ? `CASE WHEN i % 7 <> 0 THEN ${value} END` : value;
  }
  const isDistinct = source.from === 'distinct';
  const made = madeValue(column.type, isDistinct, there);
  return column.isNullable && !isDistinct ? `CASE WHEN i % 4 <> 0 THEN ${made} END` : made;
}

/** In every other row one of the values that stand in for it; the copy gives them their type. */
function copiedValue(there: string, instead: readonly string[]): string {
  if (instead.length === 0) return there;
  const cases = instead.map((cell, at) => `WHEN ${at} THEN ${cell}`).join(' ');
  return `CASE WHEN i % 2 = 0 THEN CASE (i / 2) % ${instead.length} ${cases} ELSE ${there} END ELSE ${there} END`;
}

/** A value counted out for row `i`. A column says little about its values, so those that are there decide what looks like a time. */
function madeValue(type: ColumnType, isDistinct: boolean, there: string): string {
  if (type.kind !== 'sqlite') return there;
  const number = isDistinct ? '(i + 1000)' : '((i * 7919) % 1000)';
  const text = isDistinct ? `('k' || i)` : `('v' || (i * 7919) % 997)`;
  const time = `strftime('%Y-%m-%d %H:%M:%S', '2026-01-01', '+' || (i * 61) || ' seconds')`;
  if (/BOOL/.test(type.declared)) return '(i % 3 = 0)';
  if (/DATE|TIME/.test(type.declared)) {
    return `CASE WHEN typeof(${there}) IN ('integer', 'real') THEN 1767225600 + i * 61 ELSE ${time} END`;
  }
  switch (type.affinity) {
    case 'INTEGER':
    case 'NUMERIC':
      return number;
    case 'REAL':
      return '(i * 0.5)';
    case 'BLOB':
      return `CASE WHEN typeof(${there}) = 'integer' THEN ${number} WHEN typeof(${there}) = 'text' THEN ${text} ELSE CAST('b' || i AS BLOB) END`;
    default:
      return `CASE WHEN ${there} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*' THEN ${time} ELSE ${text} END`;
  }
}
