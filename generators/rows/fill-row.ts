/** Makes one row: parents first, then the other columns along a way through the checks, then a judgement; a few attempts at most. */
import { ChosenWishes } from '../checks/ways.ts';
import { passes } from '../checks/evaluate.ts';
import { makeHint, wishesAgree } from '../checks/hint.ts';
import type { Atom } from '../checks/wish.ts';
import type { Draw } from '../draw.ts';
import type { ForeignKeyPlan, TablePlan } from '../plan/table-plan.ts';
import { drawValue } from './draw-value.ts';
import { matchingParent, setParent } from './foreign-keys.ts';
import type { GivenRow } from '../datasets/given-rows.ts';
import type { Mood } from './mood.ts';
import { cellValue, makeDraft, setCell, type Draft } from './row-draft.ts';
import { placeExclusions, type TableRows } from './table-rows.ts';

export interface RowContext {
  readonly draw: Draw;
  readonly mood: Mood;
  readonly rows: TableRows;
  /** Suitable literals for each column. */
  readonly literals: readonly (readonly string[])[];
  rowsOf(table: number): TableRows;
}

const MAX_ATTEMPTS = 20;

/**
 * A row that breaks no rule this harness can judge, or null after `MAX_ATTEMPTS`. With `lenient`, a row that only checks speak against
 * is given out all the same: the database knows its conditions better.
 */
export function fillRow(plan: TablePlan, context: RowContext, lenient: boolean): Draft | null {
  let last: Draft | null = null;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const draft = attemptRow(plan, context, attempt);
    if (draft === null || context.rows.collision(draft) !== null) continue;
    if (isJudgedLegal(plan, draft)) return draft;
    last = draft;
  }
  return lenient ? last : null;
}

/**
 * A row that begins with the given cells. Where nothing around them makes a row that this harness judges legal, it is given out as it
 * came out last: what a user's dataset says, the database judges, and a refusal is reported.
 */
export function fillGivenRow(plan: TablePlan, context: RowContext, given: GivenRow): Draft {
  let last = makeGivenDraft(plan, given);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const draft = attemptRow(plan, context, attempt, given);
    if (draft === null) continue;
    if (context.rows.collision(draft) === null && isJudgedLegal(plan, draft)) return draft;
    last = draft;
  }
  return last;
}

function makeGivenDraft(plan: TablePlan, given: GivenRow): Draft {
  const draft = makeDraft(plan, false, new Set(given.keys()));
  for (const [column, text] of given) setCell(draft, column, text);
  return draft;
}

/** Whether no check certainly refuses the row. */
export function isJudgedLegal(plan: TablePlan, draft: Draft): boolean {
  const row = (column: number): ReturnType<typeof cellValue> => cellValue(draft, column);
  return plan.checks.every((check) => check.expression === null || passes(check.expression, row) !== false);
}

function attemptRow(plan: TablePlan, context: RowContext, attempt: number, given?: GivenRow): Draft | null {
  const draft = given === undefined ? makeDraft(plan) : makeGivenDraft(plan, given);
  const wishes = chooseWishes(plan, context.draw);
  if (!setParents(plan, draft, wishes, context)) return null;
  for (const column of plan.columnOrder) {
    if (draft.cells[column] !== undefined || context.rows.omitted.has(column)) continue;
    if (!drawColumn(plan, draft, column, wishes.get(column), context, attempt)) return null;
  }
  placeExclusions(context.rows, draft, plan.exclusions);
  return draft;
}

/** Keys of a cycle wait until all rows of the cycle are there. */
function setParents(plan: TablePlan, draft: Draft, wishes: Wishes, context: RowContext): boolean {
  return plan.foreignKeys.every((key, at) => {
    if (key.columns.every((column) => draft.given.has(column))) {
      draft.parents[at] = matchingParent(draft, key, context.rowsOf(key.target).rows);
      return true;
    }
    if (key.isCyclic) return true;
    return setParent(draft, at, {
      draw: context.draw,
      nullPercent: nullPercentFor(key, wishes, context.mood),
      parents: context.rowsOf(key.target).rows,
      isOneParent: context.mood.oneParent,
      accepts: (candidate) => context.rows.collision(candidate) === null && isJudgedLegal(plan, candidate),
    });
  });
}

/** A wish about NULL for one of a key's columns decides for the key. */
function nullPercentFor(key: ForeignKeyPlan, wishes: Wishes, mood: Mood): number {
  for (const column of key.columns) {
    const wish = wishes.get(column)?.find((atom) => atom.kind === 'null');
    if (wish?.kind === 'null') return wish.isNull ? 100 : 0;
  }
  return mood.nullPercent;
}

type Wishes = ReadonlyMap<number, readonly Atom[]>;

function chooseWishes(plan: TablePlan, draw: Draw): Wishes {
  if (plan.checks.length === 0) return NO_WISHES;
  const chosen = new ChosenWishes(draw, (column, present, added) => {
    const columnPlan = plan.columns[column];
    return columnPlan === undefined || wishesAgree(columnPlan, present, added);
  });
  for (const check of plan.checks.length > 1 ? draw.shuffle(plan.checks) : plan.checks) chosen.add(check.wish);
  return chosen.byColumn;
}

const NO_WISHES: Wishes = new Map();

function drawColumn(
  plan: TablePlan,
  draft: Draft,
  column: number,
  atoms: readonly Atom[] | undefined,
  context: RowContext,
  attempt: number,
): boolean {
  const columnPlan = plan.columns[column];
  if (columnPlan === undefined || !columnPlan.isGivable) return true;
  if (plan.cyclic.has(column)) return true;
  const hint = atoms === undefined ? null : makeHint(columnPlan, atoms, (other) => cellValue(draft, other));
  const text = drawValue(columnPlan, {
    draw: context.draw,
    mood: context.mood,
    hint,
    earlier: context.rows.earlier[column] ?? [],
    literals: context.literals[column] ?? [],
    attempt,
    isKey: plan.keyColumns.has(column),
  });
  if (text === undefined) return false;
  setCell(draft, column, text);
  return true;
}
