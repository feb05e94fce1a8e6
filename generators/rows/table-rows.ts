/** The rows of one table in one case, with what its unique keys and exclusion constraints already hold. */
import type { ExclusionPlan } from '../checks/exclusion.ts';
import { evaluate } from '../checks/evaluate.ts';
import type { TablePlan, UniquePlan } from '../plan/table-plan.ts';
import { cellValue, makeDraft, setCell, type Draft } from './row-draft.ts';

export class TableRows {
  readonly plan: TablePlan;
  readonly rows: Draft[] = [];
  /** Columns left to their defaults in this case. */
  readonly omitted: ReadonlySet<number>;
  /** Values given so far, by column, for ties. */
  readonly earlier: string[][];
  readonly #taken: Set<string>[];
  /** Counts the places handed out to exclusion constraints. */
  nextPlace: number;

  constructor(plan: TablePlan, omitted: ReadonlySet<number>) {
    this.plan = plan;
    this.omitted = omitted;
    this.earlier = plan.columns.map(() => []);
    this.#taken = plan.uniques.map(() => new Set<string>());
    this.nextPlace = plan.existing.length * 2;
    for (const cells of plan.existing) {
      const draft = makeDraft(plan, true);
      cells.forEach((text, column) => {
        setCell(draft, column, text);
      });
      this.rows.push(draft);
      this.claim(draft);
    }
  }

  /** The first unique key that already holds the draft's values; null: none. Keys with values not known are passed over. */
  collision(draft: Draft): UniquePlan | null {
    return (
      this.plan.uniques.find((unique, at) => {
        const entry = entryFor(unique, draft);
        return entry !== null && (this.#taken[at]?.has(entry) ?? false);
      }) ?? null
    );
  }

  /** As `collision`, for the keys that have one of `columns`. */
  collisionOn(draft: Draft, columns: ReadonlySet<number>): UniquePlan | null {
    return (
      this.plan.uniques.find((unique, at) => {
        if (!unique.columns.some((column) => columns.has(column))) return false;
        const entry = entryFor(unique, draft);
        return entry !== null && (this.#taken[at]?.has(entry) ?? false);
      }) ?? null
    );
  }

  /** Takes a draft's values into the unique keys. */
  claim(draft: Draft): void {
    this.plan.uniques.forEach((unique, at) => {
      const entry = entryFor(unique, draft);
      if (entry !== null) this.#taken[at]?.add(entry);
    });
  }

  /** Takes a draft into the table. */
  accept(draft: Draft): void {
    this.rows.push(draft);
    this.claim(draft);
    draft.cells.forEach((text, column) => {
      if (typeof text === 'string') this.earlier[column]?.push(text);
    });
  }
}

/** What a row puts into a unique key; null: nothing (a NULL, a row outside a partial key, or a value not known). */
function entryFor(unique: UniquePlan, draft: Draft): string | null {
  let entry = '';
  for (const column of unique.columns) {
    const text = draft.cells[column];
    if (text === undefined) return null;
    if (text === null) {
      if (!unique.key.nullsNotDistinct && !unique.key.isPrimary && !unique.key.hasExpressions) return null;
      entry += 'n;';
      continue;
    }
    const canonical = draft.plan.columns[column]?.canonical(text) ?? text;
    entry += unique.key.hasExpressions ? `${canonical.toLowerCase().trim()};` : `${canonical.length}:${canonical};`;
  }
  if (unique.predicate !== null) {
    const inside = evaluate(unique.predicate, (column) => cellValue(draft, column));
    if (inside === null || (inside?.kind === 'boolean' && !inside.value)) return null;
  }
  return entry;
}

/** Gives range columns places of their own, so that no two rows overlap. */
export function placeExclusions(rows: TableRows, draft: Draft, exclusions: readonly ExclusionPlan[]): void {
  for (const exclusion of exclusions) {
    const place = BigInt(rows.nextPlace++);
    for (const column of exclusion.ranges) placeRange(draft, column, place);
    for (const { from, to } of exclusion.spans) {
      placeBound(draft, from, place, 0n);
      placeBound(draft, to, place, 1n);
    }
  }
}

const PLACE_STEPS = 10n;

function placeBound(draft: Draft, column: number, place: bigint, offset: bigint): void {
  const plan = draft.plan.columns[column];
  if (plan?.scale === null || plan === undefined || draft.cells[column] === null || draft.given.has(column)) return;
  const { scale } = plan;
  setCell(
    draft,
    column,
    scale.format(scale.usual.min + (place * PLACE_STEPS + offset * (PLACE_STEPS - 1n)) * scale.step),
  );
}

function placeRange(draft: Draft, column: number, place: bigint): void {
  const plan = draft.plan.columns[column];
  if (plan === undefined || draft.cells[column] === null || draft.cells[column] === 'empty') return;
  if (draft.given.has(column)) return;
  const text = plan.placedRange?.(place, PLACE_STEPS);
  if (text !== undefined) setCell(draft, column, text);
}
