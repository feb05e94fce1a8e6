/**
 * Rows of a user's dataset know nothing of rows that are there already, and would come with the same keys. Here keys of one column get
 * other values, and what refers to them the same ones.
 */
import type { Cell, Dataset } from '../harness/core/dataset.ts';
import type { ColumnType, SchemaModel } from '../harness/core/schema.ts';

const SUFFIX = '_w';
const STEP = 1_000_000n;

/** The dataset with other values in every unique column of text or whole numbers. Values are mapped alike wherever they stand. */
export function withFreshKeys(model: SchemaModel, dataset: Dataset): Dataset {
  return {
    tables: dataset.tables.map((rows) => {
      const types = rows.columns.map((column) => keyType(model, rows.table, column, 0));
      return {
        ...rows,
        rows: rows.rows.map((row) => row.map((cell, at) => freshCell(cell, types[at] ?? null))),
      };
    }),
  };
}

/** The type of a column that is unique alone, or that refers to one; null: it is neither. */
function keyType(model: SchemaModel, key: string, column: string, depth: number): ColumnType | null {
  const table = model.tables.find((candidate) => candidate.key === key);
  if (table === undefined || depth > model.tables.length) return null;
  for (const foreign of table.foreignKeys) {
    const at = foreign.columns.indexOf(column);
    if (at !== -1) return keyType(model, foreign.refTable, foreign.refColumns[at] ?? '', depth + 1);
  }
  const isKey =
    (table.primaryKey.length === 1 && table.primaryKey[0] === column) ||
    table.uniques.some(({ columns }) => columns.length === 1 && columns[0] === column);
  return isKey ? (table.columns.find(({ name }) => name === column)?.type ?? null) : null;
}

function freshCell(cell: Cell, type: ColumnType | null): Cell {
  if (cell === null || type === null) return cell;
  if (type.kind === 'sqlite') return freshLiteral(cell);
  if (type.kind === 'text') return type.maxLength !== null && cell.length + 2 > type.maxLength ? cell : cell + SUFFIX;
  if (type.kind !== 'integer') return cell;
  const moved = BigInt(cell) + STEP;
  return moved > BigInt(type.max) ? cell : String(moved);
}

function freshLiteral(cell: string): string {
  if (/^-?\d{1,15}$/.test(cell)) return String(BigInt(cell) + STEP);
  return /^'.*'$/s.test(cell) ? `${cell.slice(0, -1)}${SUFFIX}'` : cell;
}
