/** Rows that broke a check over several columns by being masked: tried again with other values. */
import type { Row } from '../../harness/core/dataset.ts';
import type { SchemaModel, Table } from '../../harness/core/schema.ts';
import { readChecks, rowPasses, type ReadCheck } from './admission.ts';

interface RepairRequest {
  readonly model: SchemaModel;
  readonly table: Table;
  readonly columns: readonly string[];
  readonly original: Row;
  /** The masked row; `attempt` tells one try from another, and is empty for the first. */
  readonly maskAll: (attempt: string) => Row;
}

const MOST_ATTEMPTS = 40;
const checksOf = new WeakMap<Table, readonly ReadCheck[]>();

/** The first try that passes every check that the original passes; where none does, the one that fails is left to the database. */
export function repairRow({ model, table, columns, original, maskAll }: RepairRequest): Row {
  const checks = checksOf.get(table) ?? readChecks(model, table).filter((check) => check.columns.length > 1);
  checksOf.set(table, checks);
  const first = maskAll('');
  const fails = (row: Row): readonly ReadCheck[] =>
    checks.filter((check) => rowPasses(model, table, check, (index) => at(table, columns, row, index)) === false);
  const excused = new Set(fails(original));
  let current = first;
  let failing = fails(first).filter((check) => !excused.has(check));
  for (let attempt = 1; failing.length > 0 && attempt <= MOST_ATTEMPTS; attempt++) {
    const other = maskAll(`#${attempt}`);
    const concerned = new Set(failing.flatMap((check) => check.columns.map((index) => table.columns[index]?.name)));
    // Only what the failing checks speak of: the rest of the row stays as it was masked first.
    const candidate = current.map((cell, position) =>
      concerned.has(columns[position]) ? (other[position] ?? null) : cell,
    );
    const left = fails(candidate).filter((check) => !excused.has(check));
    if (left.length <= failing.length) {
      current = candidate;
      failing = left;
    }
  }
  return failing.length === 0 ? current : first;
}

function at(table: Table, columns: readonly string[], row: Row, index: number): string | null | undefined {
  const position = columns.indexOf(table.columns[index]?.name ?? '');
  return position === -1 ? undefined : (row[position] ?? null);
}
