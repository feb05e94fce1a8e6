/**
 * The harness's half of a capture: puts a snapshot together from what an engine process sends now and what it sent before.
 */
import type { Row } from '../../core/dataset.ts';
import type { Snapshot, TableState } from '../../core/snapshot.ts';
import type { CaptureAnswer, CapturePlan } from './protocol.ts';

interface Stored {
  readonly plan: CapturePlan;
  /** Rows of each table as last captured under this plan. */
  readonly rows: (readonly Row[])[];
}

/** Belongs to one engine process and ends with it. */
export class CaptureStore {
  readonly #stored = new Map<number, Stored>();

  /** The whole snapshot. */
  complete(answer: CaptureAnswer): Snapshot {
    if (answer.dropped !== null) this.#stored.delete(answer.dropped);
    if (answer.plan !== null) this.#stored.set(answer.planId, { plan: answer.plan, rows: [] });
    const stored = this.#stored.get(answer.planId);
    if (stored === undefined) throw new Error(`Capture plan ${answer.planId} was never sent.`);
    return {
      catalog: stored.plan.catalog,
      tables: new Map(
        answer.tables.map((table, index) => {
          const state = toState(stored, index, table);
          return [state.table, state];
        }),
      ),
      sequences: answer.sequences,
      projections: answer.projections,
    };
  }
}

function toState(stored: Stored, index: number, table: CaptureAnswer['tables'][number]): TableState {
  const described = stored.plan.tables[index];
  if (described === undefined) throw new Error(`Capture plan ${stored.plan.id} has no table ${index}.`);
  const rows = table.rows === 'same' ? (stored.rows[index] ?? []) : table.rows;
  if (rows !== null) stored.rows[index] = rows;
  const { key, columns, types, primaryKey } = described;
  return { table: key, columns, types, primaryKey, rowCount: table.rowCount, rows, digest: table.digest };
}
