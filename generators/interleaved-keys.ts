/** Identities and key values for interleavings: few, close to each other, and legal as far as the column's type and conditions tell. */
import * as fc from 'fast-check';
import type { Cell, Row } from '../harness/core/dataset.ts';
import type { Column, ColumnType, Table } from '../harness/core/schema.ts';
import type { Draw } from './draw.ts';

const NULLS = 45;
const DAYS = ['2024-03-10', '2024-03-11', '2024-02-29'];

/**
 * Identities for `count` rows, those of the generated rows where others could not be told to be legal: whole numbers from 1 in no order,
 * other UUIDs. Fewer where the generated ones have to do.
 */
export function identitiesOf(
  table: Table,
  identity: readonly string[],
  columns: readonly string[],
  generated: readonly Row[],
  count: number,
  draw: Draw,
): readonly Row[] {
  const places = identity.map((name) => columns.indexOf(name));
  if (generated.length === 0 || places.includes(-1)) return [];
  const given = generated.map((row) => places.map((at) => row[at] ?? null));
  // Rows that are there twice but for their identity may break other keys.
  const isAlone = table.uniques.every((unique) => unique.columns.some((name) => identity.includes(name)));
  const [name] = identity;
  const column = table.columns.find((candidate) => candidate.name === name);
  if (identity.length !== 1 || column === undefined || isTied(table, column.name)) return given.slice(0, count);
  const fresh = freshCells(
    column,
    given.map(([cell]) => cell ?? null),
    isAlone ? count : given.length,
    draw,
  );
  if (fresh === null) return given.slice(0, count);
  const taken = new Set(table.existing.map((row) => row[table.columns.indexOf(column)] ?? null));
  return fresh.filter((cell) => !taken.has(cell)).map((cell) => [cell]);
}

/** Whether other columns, or the application, know more of a column than its type. */
function isTied(table: Table, name: string): boolean {
  return (
    table.foreignKeys.some((key) => key.columns.includes(name) || key.refTable === table.key) ||
    table.checks.some((check) => check.columns.includes(name)) ||
    (table.partitioning?.columns.includes(name) ?? false)
  );
}

function freshCells(column: Column, given: readonly Cell[], count: number, draw: Draw): readonly Cell[] | null {
  const { type } = column;
  const isInteger =
    type.kind === 'integer' || (type.kind === 'sqlite' && given.every((cell) => /^-?\d+$/.test(cell ?? '')));
  if (isInteger) return draw.shuffle(Array.from({ length: count }, (_, at) => String(at + 1)));
  if (type.kind !== 'uuid') return null;
  return Array.from({ length: count }, () => draw.from(fc.uuid()));
}

/** Values of a key column, those that tie and those that are close first; empty: nothing but the generated values may be legal, and there are none. */
export function keyPool(table: Table, name: string, generated: readonly Cell[], draw: Draw): readonly Cell[] {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined || column.generated !== null) return [];
  if (table.foreignKeys.some((key) => key.columns.includes(name))) return distinct(generated);
  // A column that is unique alone takes the generated values: others would tie.
  if (table.uniques.some((unique) => unique.columns.length === 1 && unique.columns[0] === name)) return [];
  const made = isTied(table, name) ? [] : valuesFor(column.type, generated, draw);
  const cells = made.length > 0 ? made : draw.shuffle(distinct(generated)).slice(0, 4);
  if (!column.isNullable || !draw.chance(NULLS)) return cells.filter((cell) => cell !== null);
  return [null, ...cells.filter((cell) => cell !== null)];
}

function distinct(cells: readonly Cell[]): readonly Cell[] {
  return [...new Set(cells)];
}

function valuesFor(type: ColumnType, generated: readonly Cell[], draw: Draw): readonly Cell[] {
  switch (type.kind) {
    case 'timestamp':
      return instants(type.precision, draw).map((text) => (type.withZone ? `${text}+00` : text));
    case 'date':
      return draw.shuffle(DAYS);
    case 'integer':
      return draw.shuffle(['1', '2', '3']);
    case 'numeric':
      return type.scale !== null && type.scale < 0 ? [] : draw.shuffle(decimals(type.scale ?? 2));
    case 'float':
      return draw.shuffle(['0.5', '1.5', '2.25']);
    case 'text':
      return type.fixed || (type.maxLength !== null && type.maxLength < 2) ? [] : words(draw);
    case 'boolean':
      return draw.shuffle(['t', 'f']);
    case 'enum':
      return draw.shuffle(type.labels).slice(0, 3);
    case 'sqlite':
      return sqliteValues(type, generated, draw);
    default:
      return [];
  }
}

/** A second and what is a microsecond, a millisecond, a second and a day away from it. */
function instants(precision: number, draw: Draw): readonly string[] {
  const [day, later] = draw.shuffle(DAYS);
  const fractions =
    precision >= 6 ? ['.000001', '.000002', '.000999', '.001'] : precision >= 3 ? ['.001', '.002', ''] : [''];
  const near = draw.shuffle(fractions.map((fraction) => `${day} 12:00:00${fraction}`));
  const far = draw.shuffle([`${day} 11:59:59`, `${later} 12:00:00`, `${day} 12:00:01`]);
  return [...near.slice(0, 3), ...far.slice(0, 2)];
}

function decimals(scale: number): readonly string[] {
  if (scale === 0) return ['1', '2', '3'];
  const zeros = '0'.repeat(scale - 1);
  return [`0.${zeros}1`, `0.${zeros}2`, `0.${'9'.repeat(scale)}`];
}

/** Words that collations put in different orders. */
function words(draw: Draw): readonly string[] {
  return draw.shuffle(['a', 'B', 'b', 'A', 'Z', 'é']).slice(0, 4);
}

/** SQLite's cells are literals; what a generated cell looks like tells what the column holds. */
function sqliteValues(
  type: Extract<ColumnType, { readonly kind: 'sqlite' }>,
  generated: readonly Cell[],
  draw: Draw,
): readonly Cell[] {
  const [sample = null] = generated.filter((cell) => cell !== null);
  if (/DATE|TIME/.test(type.declared) || /^'\d{4}-\d\d-\d\d/.test(sample ?? ''))
    return instants(6, draw).map((text) => `'${text}'`);
  if (type.affinity === 'TEXT') return words(draw).map((word) => `'${word}'`);
  if (type.affinity === 'INTEGER') return draw.shuffle(['1', '2', '3']);
  if (type.affinity === 'REAL') return draw.shuffle(['0.5', '1.5', '2.25']);
  return [];
}
