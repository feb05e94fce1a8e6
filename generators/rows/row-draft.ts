/** A row while it is made. */
import { valueOf, type Outcome } from '../checks/value.ts';
import type { TablePlan } from '../plan/table-plan.ts';

/** Inner text, SQL NULL, or undefined: not known (left to its default, or not drawn yet). */
export type Slot = string | null | undefined;

export interface Draft {
  readonly plan: TablePlan;
  readonly cells: Slot[];
  /** The row each foreign key refers to, by the key's place in the plan; null: NULL, undefined: not set. */
  readonly parents: (Draft | null | undefined)[];
  /** Rows already in the database are never given out. */
  readonly isExisting: boolean;
  /** Columns whose cells came from a dataset of the user's: nothing else sets them. */
  readonly given: ReadonlySet<number>;
  /** Given up after it was taken into its table. */
  isDropped: boolean;
  readonly values: (Outcome | Unset)[];
}

/** Marks a value that has not been worked out. */
type Unset = 'unset';

const NOTHING_GIVEN: ReadonlySet<number> = new Set();

/** An empty draft. */
export function makeDraft(plan: TablePlan, isExisting = false, given = NOTHING_GIVEN): Draft {
  const size = plan.columns.length;
  return {
    plan,
    cells: Array.from<Slot>({ length: size }),
    parents: Array.from<Draft | null | undefined>({ length: plan.foreignKeys.length }),
    isExisting,
    given,
    isDropped: false,
    values: Array.from<Outcome | Unset>({ length: size }).fill('unset'),
  };
}

/** Sets a cell. */
export function setCell(draft: Draft, column: number, text: Slot): void {
  draft.cells[column] = text;
  draft.values[column] = 'unset';
}

/** A cell as a value for judging conditions. */
export function cellValue(draft: Draft, column: number): Outcome {
  const known = draft.values[column];
  if (known !== 'unset') return known;
  const text = draft.cells[column];
  const plan = draft.plan.columns[column];
  const value =
    text === undefined || plan === undefined ? undefined : text === null ? null : valueOf(plan.storage, text);
  draft.values[column] = value;
  return value;
}
