/**
 * Filling a table with thousands of rows in one statement.
 */
import type { FillingColumn, FillingParent, TableFilling } from '../../core/population.ts';
import type { ColumnType } from '../../core/schema.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';

/** Rows of the table that are copied from, and of each parent that are taken in turn. */
const MOST_COPIED = 50;
const MOST_PARENTS = 5_000;

/**
 * The script. Triggers and foreign keys rest, since every key is taken from its parent; what breaks a check, a NOT NULL or a unique key
 * is left out. It fails where the user may not let triggers rest, or where something else refuses.
 */
export function renderFilling(filling: TableFilling): string {
  const { table, rows, columns, parents } = filling;
  const names = columns.map(({ column }) => quoteIdentifier(column.name));
  const values = columns.map((column, at) => `${valueOf(column, parents)} AS ${names[at]}`);
  const required = columns
    .filter(({ column }) => !column.isNullable && column.defaultSql === null)
    .map(({ column }) => `${quoteIdentifier(column.name)} IS NOT NULL`);
  const conditions = [...table.checks.map(({ sql }) => `(${sql}) IS NOT FALSE`), ...required];
  return [
    'BEGIN;',
    'SET LOCAL session_replication_role = replica;',
    `WITH there AS MATERIALIZED (SELECT row_number() OVER () - 1 AS palindrome_n, t.* FROM ${table.key} t LIMIT ${MOST_COPIED}),`,
    ...parents.map(renderParent),
    ` few AS (SELECT greatest(count(*), 1) AS there FROM there)`,
    `INSERT INTO ${table.key} (${names.join(', ')}) OVERRIDING SYSTEM VALUE`,
    `SELECT * FROM (`,
    `  SELECT ${values.join(',\n         ')}`,
    `  FROM generate_series(1, ${rows}) AS i CROSS JOIN few`,
    `  LEFT JOIN there ON there.palindrome_n = i % few.there`,
    ...parents.map(joinParent),
    `) AS made`,
    ...(conditions.length === 0 ? [] : [`WHERE ${conditions.join('\n  AND ')}`]),
    'ON CONFLICT DO NOTHING;',
    'COMMIT;',
  ].join('\n');
}

function renderParent({ table, columns }: FillingParent, at: number): string {
  const names = columns.map(quoteIdentifier).join(', ');
  return (
    ` p${at} AS MATERIALIZED (SELECT row_number() OVER () - 1 AS palindrome_n, ${names} FROM ${table} LIMIT ${MOST_PARENTS}),` +
    ` c${at} AS (SELECT greatest(count(*), 1) AS n FROM p${at}),`
  );
}

function joinParent({ after, isOptional }: FillingParent, at: number): string {
  const turn = ['i', ...after.map((other) => `(SELECT n FROM c${other})`)].join(' / ');
  return `  ${isOptional ? 'LEFT JOIN' : 'JOIN'} p${at} ON p${at}.palindrome_n = (${turn}) % (SELECT n FROM c${at})`;
}

function valueOf({ column, source }: FillingColumn, parents: readonly FillingParent[]): string {
  if (source.from === 'copy') return copiedValue(`there.${quoteIdentifier(column.name)}`, source.instead);
  if (source.from === 'parent') {
    const value = `p${source.key}.${quoteIdentifier(source.column)}`;
    return parents[source.key]?.isOptional === true ? `CASE WHEN i % 7 <> 0 THEN ${value} END` : value;
  }
  const isDistinct = source.from === 'distinct';
  const made = madeValue(column.type, isDistinct);
  if (made === null) return `there.${quoteIdentifier(column.name)}`;
  return column.isNullable && !isDistinct ? `CASE WHEN i % 4 <> 0 THEN ${made} END` : made;
}

/** In every other row one of the values that stand in for it; the copy gives them their type. */
function copiedValue(there: string, instead: readonly string[]): string {
  if (instead.length === 0) return there;
  const cases = instead.map((cell, at) => `WHEN ${at} THEN ${quoteLiteral(cell)}`).join(' ');
  return `CASE WHEN i % 2 = 0 THEN CASE (i / 2) % ${instead.length} ${cases} ELSE ${there} END ELSE ${there} END`;
}

/** A value counted out for row `i`; null: none for this type. */
function madeValue(type: ColumnType, isDistinct: boolean): string | null {
  switch (type.kind) {
    case 'integer':
      return isDistinct ? '(i + 1000)' : '((i * 7919) % 1000)';
    case 'numeric':
      return numericValue(type.precision, type.scale, isDistinct);
    case 'float':
      return '(i * 0.5)';
    case 'money':
      return '((i * 7919) % 100000)::numeric::money';
    case 'text':
      return textValue(type.maxLength, isDistinct);
    case 'boolean':
      return '(i % 3 = 0)';
    case 'bytes':
      return `decode(lpad(to_hex(i), 8, '0'), 'hex')`;
    case 'date':
      return isDistinct ? `(date '2020-01-01' + i)` : `(date '2020-01-01' + i % 1500)`;
    case 'time':
      return type.withZone ? null : `(time '00:00' + i * interval '17.003007 seconds')`;
    case 'timestamp':
      return `(${type.withZone ? 'timestamptz' : 'timestamp'} '2026-01-01 00:00:00${type.withZone ? '+00' : ''}' + i * interval '61.003007 seconds')`;
    case 'interval':
      return `(i * interval '1 minute')`;
    case 'uuid':
      return `md5('palindrome' || i)::uuid`;
    case 'json':
      return type.binary ? `jsonb_build_object('n', i)` : `json_build_object('n', i)`;
    case 'enum':
      return type.labels.length === 0
        ? null
        : `(ARRAY[${type.labels.map(quoteLiteral).join(', ')}]::${type.name}[])[1 + i % ${type.labels.length}]`;
    default:
      return null;
  }
}

function numericValue(precision: number | null, scale: number | null, isDistinct: boolean): string {
  if (precision === null) return isDistinct ? '(i + 1000)' : '((i * 7919) % 100000)';
  const digits = Math.max(0, Math.min(precision - (scale ?? 0), 6));
  return `((i * ${isDistinct ? 1 : 7919}) % ${10 ** digits})`;
}

function textValue(maxLength: number | null, isDistinct: boolean): string {
  if (maxLength !== null && maxLength < 6) return `lpad(to_hex(i % ${16 ** maxLength}), ${maxLength}, '0')`;
  return isDistinct ? `('k' || i)` : `('v' || (i * 7919) % 997)`;
}
