/**
 * How the generator did over a set: what the database refused, by constraint, and which tables never got a row.
 */
import { countRows, type Dataset } from '../core/dataset.ts';
import type { Refusal } from '../core/dialect.ts';
import type { GenerationSummary } from '../core/report.ts';
import type { SchemaModel } from '../core/schema.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { compareText } from '../core/text.ts';

export interface GenerationTally {
  record(proposed: Dataset, refused: readonly Refusal[]): void;
  /** Tells which tables had rows in a case. */
  recordTables(model: SchemaModel, before: Snapshot): void;
  summarise(limits: readonly { readonly table: string; readonly reason: string }[]): GenerationSummary;
}

/** Starts counting for a set. */
export function makeGenerationTally(): GenerationTally {
  const proposedByTable = new Map<string, number>();
  const refusedBy = new Map<string, { table: string; constraint: string; refused: number }>();
  const seen = new Set<string>();
  const filled = new Set<string>();
  let proposedRows = 0;
  let refusedRows = 0;
  return {
    record(proposed, refused) {
      proposedRows += countRows(proposed);
      refusedRows += refused.length;
      for (const { table, rows } of proposed.tables)
        proposedByTable.set(table, (proposedByTable.get(table) ?? 0) + rows.length);
      for (const refusal of refused) {
        const constraint = refusal.fault.constraint ?? refusal.fault.column ?? refusal.fault.code;
        const key = `${refusal.table}\u0000${constraint}`;
        const entry = refusedBy.get(key) ?? { table: refusal.table, constraint, refused: 0 };
        entry.refused++;
        refusedBy.set(key, entry);
      }
    },
    recordTables(model, before) {
      for (const { key } of model.tables) {
        seen.add(key);
        if ((before.tables.get(key)?.rowCount ?? 0) > 0) filled.add(key);
      }
    },
    summarise(limits) {
      const refusals = ratesOf([...refusedBy.values()], proposedByTable);
      const reasons = new Map(limits.map(({ table, reason }) => [table, reason]));
      const emptyTables = [...seen]
        .filter((table) => !filled.has(table))
        .toSorted(compareText)
        .map((table) => ({ table, reason: reasons.get(table) ?? 'no generated row was accepted' }));
      const tables = [...new Set([...seen, ...proposedByTable.keys()])].toSorted(compareText).map((table) => ({
        table,
        proposed: proposedByTable.get(table) ?? 0,
        hadRows: filled.has(table),
      }));
      return { proposedRows, refusedRows, tables, refusals, emptyTables };
    },
  };
}

/** Refusals by constraint with their share of the rows proposed for that table, most first. */
export function ratesOf(
  refusals: readonly { readonly table: string; readonly constraint: string; readonly refused: number }[],
  proposedByTable: ReadonlyMap<string, number>,
): GenerationSummary['refusals'] {
  return refusals
    .map((entry) => {
      const proposed = proposedByTable.get(entry.table) ?? 0;
      const rate = proposed === 0 ? 0 : Math.round((entry.refused / proposed) * 10_000) / 10_000;
      return { ...entry, proposed, rate };
    })
    .toSorted(
      (a, b) => b.refused - a.refused || compareText(a.table, b.table) || compareText(a.constraint, b.constraint),
    );
}
