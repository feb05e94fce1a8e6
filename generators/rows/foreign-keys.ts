/** Gives foreign keys a parent, or NULL where they may have none. */
import type { Draw } from '../draw.ts';
import type { ForeignKeyPlan } from '../plan/table-plan.ts';
import { setCell, type Draft } from './row-draft.ts';

export interface ParentRequest {
  readonly draw: Draw;
  readonly nullPercent: number;
  readonly parents: readonly Draft[];
  /** Takes the first parent that fits, not any. */
  readonly isOneParent?: boolean | undefined;
  /** Whether a parent leaves the row legal, as far as it is known. */
  accepts(draft: Draft): boolean;
}

/**
 * Sets the columns of one foreign key; false where it must refer to something and nothing fits. Columns that another key has set
 * are kept: only parents that agree with them are looked at.
 */
export function setParent(draft: Draft, at: number, request: ParentRequest): boolean {
  const key = draft.plan.foreignKeys[at];
  if (key === undefined) return true;
  const { draw } = request;
  const isFixedNull = key.columns.some((column) => draft.cells[column] === null);
  if (isFixedNull && key.key.match !== 'full') {
    return clearFree(draft, at, key);
  }
  const before = key.columns.map((column) => draft.cells[column]);
  const restore = (): void => {
    key.columns.forEach((column, position) => {
      setCell(draft, column, before[position]);
    });
  };
  if (!key.isRequired && draw.chance(request.nullPercent) && clearKey(draft, at, key)) {
    if (request.accepts(draft)) return true;
    restore();
  }
  const fitting = candidates(draft, key, request.parents);
  for (const parent of request.isOneParent === true ? fitting : draw.shuffle(fitting)) {
    draft.parents[at] = parent;
    key.columns.forEach((column, position) => {
      setCell(draft, column, parent.cells[key.targetColumns[position] ?? -1]);
    });
    if (request.accepts(draft)) return true;
    restore();
  }
  draft.parents[at] = undefined;
  return !key.isRequired && clearKey(draft, at, key);
}

/** The row that a key with every column set refers to; null: none, or none that is known. */
export function matchingParent(draft: Draft, key: ForeignKeyPlan, parents: readonly Draft[]): Draft | null {
  return candidates(draft, key, parents)[0] ?? null;
}

function candidates(draft: Draft, key: ForeignKeyPlan, parents: readonly Draft[]): Draft[] {
  return parents.filter(
    (parent) =>
      !parent.isDropped &&
      key.columns.every((column, position) => {
        const offered = parent.cells[key.targetColumns[position] ?? -1];
        if (typeof offered !== 'string') return false;
        const present = draft.cells[column];
        const canonical = draft.plan.columns[column]?.canonical;
        return present === undefined || (present !== null && canonical?.(present) === canonical?.(offered));
      }),
  );
}

/** Makes the key NULL through its nullable columns that no other key has set. MATCH FULL wants all of them NULL. */
function clearKey(draft: Draft, at: number, key: ForeignKeyPlan): boolean {
  const free = key.columns.filter(
    (column) => draft.plan.columns[column]?.isNullable === true && draft.cells[column] === undefined,
  );
  const isEnough = key.key.match === 'full' ? free.length === key.columns.length : free.length > 0;
  if (!isEnough) return false;
  for (const column of free) setCell(draft, column, null);
  draft.parents[at] = null;
  return true;
}

/** A key that is NULL already through another's column refers to nothing; its remaining columns become NULL where they may. */
function clearFree(draft: Draft, at: number, key: ForeignKeyPlan): boolean {
  for (const column of key.columns) {
    if (draft.cells[column] === undefined && draft.plan.columns[column]?.isNullable === true)
      setCell(draft, column, null);
  }
  draft.parents[at] = null;
  return true;
}
