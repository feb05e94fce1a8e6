/**
 * What a new schema admits and the old one did not: the values that a way back meets first.
 */
import type { Cell } from '../harness/core/dataset.ts';
import type { ColumnType, SchemaModel, Table, UniqueKey } from '../harness/core/schema.ts';

export type Novelty =
  | { readonly kind: 'value'; readonly table: string; readonly column: string; readonly cell: Cell }
  /** Two rows that agree in these columns. */
  | { readonly kind: 'duplicate'; readonly table: string; readonly columns: readonly string[] };

/** Every novelty of the tables and columns that both schemas have, by name. */
export function noveltiesOf(earlier: SchemaModel, now: SchemaModel): readonly Novelty[] {
  return now.tables.flatMap((table) => {
    const old = earlier.tables.find(({ key }) => key === table.key);
    return old === undefined ? [] : [...newValues(old, table), ...newDuplicates(old, table)];
  });
}

function newValues(old: Table, table: Table): readonly Novelty[] {
  return table.columns.flatMap((column): Novelty[] => {
    const before = old.columns.find(({ name }) => name === column.name);
    if (before === undefined || column.generated !== null) return [];
    const cells = beyond(before.type, column.type);
    const all = column.isNullable && !before.isNullable ? [null, ...cells] : cells;
    return all.map((cell) => ({ kind: 'value', table: table.key, column: column.name, cell }));
  });
}

/** Values of a type that another one has no room for. */
function beyond(old: ColumnType, type: ColumnType): readonly string[] {
  if (type.kind === 'integer' && old.kind === 'integer') {
    return BigInt(type.max) > BigInt(old.max) ? [String(BigInt(old.max) + 1n)] : [];
  }
  if (type.kind === 'enum' && old.kind === 'enum') return type.labels.filter((label) => !old.labels.includes(label));
  if (type.kind === 'text' && old.kind === 'text' && old.maxLength !== null) {
    return type.maxLength === null || type.maxLength > old.maxLength ? ['x'.repeat(old.maxLength + 1)] : [];
  }
  if (type.kind === 'numeric' && old.kind === 'numeric') return beyondNumeric(old, type);
  if (type.kind === 'timestamp' && old.kind === 'timestamp' && type.precision > old.precision)
    return ['2001-02-03 04:05:06.123456'];
  return [];
}

type Numeric = Extract<ColumnType, { readonly kind: 'numeric' }>;

function beyondNumeric(old: Numeric, type: Numeric): readonly string[] {
  if (old.precision === null || old.scale === null) return [];
  const oldWhole = old.precision - old.scale;
  const whole = type.precision === null || type.scale === null ? oldWhole + 1 : type.precision - type.scale;
  const larger = whole > oldWhole && oldWhole > 0 ? [`1${'0'.repeat(oldWhole)}`] : [];
  const finer =
    old.scale >= 0 && (type.scale === null || type.scale > old.scale) ? [`0.${'0'.repeat(old.scale)}1`] : [];
  return [...larger, ...finer];
}

function newDuplicates(old: Table, table: Table): readonly Novelty[] {
  return old.uniques
    .filter((unique) => !unique.isPrimary && !table.uniques.some((other) => isAtLeast(other, unique)))
    .filter(({ columns }) => columns.every((name) => table.columns.some((column) => column.name === name)))
    .map(({ columns }) => ({ kind: 'duplicate', table: table.key, columns }));
}

/** Whether a key forbids all that another one does. */
function isAtLeast(key: UniqueKey, other: UniqueKey): boolean {
  return (
    (key.predicate === null || key.predicate === other.predicate) &&
    key.hasExpressions === other.hasExpressions &&
    (!key.hasExpressions || key.sql === other.sql) &&
    key.columns.every((name) => other.columns.includes(name))
  );
}
