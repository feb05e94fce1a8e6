/** References within a group of tables that refer to each other: set when every row of the group is there. */
import type { Draw } from '../draw.ts';
import type { ForeignKeyPlan } from '../plan/table-plan.ts';
import { isJudgedLegal } from './fill-row.ts';
import { setParent } from './foreign-keys.ts';
import type { Mood } from './mood.ts';
import type { Draft } from './row-draft.ts';
import type { TableRows } from './table-rows.ts';

export interface CycleContext {
  readonly draw: Draw;
  readonly mood: Mood;
  rowsOf(table: number): TableRows;
}

/** Sets the waiting keys of every row of the group. Rows that must refer to something and cannot are given up. */
export function closeCycles(members: readonly TableRows[], context: CycleContext): void {
  const waiting = members.flatMap((rows) => rows.rows.filter((draft) => !draft.isExisting));
  for (const draft of waiting) settle(draft, context, 'required');
  // A key may run through columns that another waiting key sets: each pass settles what has become known.
  for (let pass = 0; pass < members.length; pass++) for (const draft of waiting) settle(draft, context, 'known');
  for (const draft of waiting) settle(draft, context, 'all');
  dropOrphans(waiting);
}

/** `required`: keys that must refer to something, as far as possible. `known`: all whose parents are known. `all`: the rest, one way or the other. */
type Pass = 'required' | 'known' | 'all';

function settle(draft: Draft, context: CycleContext, pass: Pass): void {
  if (draft.isDropped) return;
  const { plan } = draft;
  const rows = context.rowsOf(plan.index);
  plan.foreignKeys.forEach((key, at) => {
    if (!key.isCyclic || draft.parents[at] !== undefined || draft.isDropped) return;
    if (pass === 'required' && !key.isRequired) return;
    const parents = possibleParents(draft, key, rows, context);
    if (
      pass !== 'all' &&
      parents.some((parent) => key.targetColumns.some((column) => parent.cells[column] === undefined))
    )
      return;
    const isSet = setParent(draft, at, {
      draw: context.draw,
      nullPercent: context.mood.nullPercent,
      parents,
      accepts: (candidate) => rows.collisionOn(candidate, plan.cyclic) === null && isJudgedLegal(plan, candidate),
    });
    if (!isSet && pass === 'all') draft.isDropped = true;
  });
  if (!draft.isDropped && plan.foreignKeys.every((key, at) => !key.isCyclic || draft.parents[at] !== undefined))
    rows.claim(draft);
}

const FOREIGN_CHILD_PERCENT = 8;

/**
 * Where a row refers to a row that in turn belongs to a row of its own table (a user's default address), it is almost always its own:
 * applications and their triggers rely on it, though no constraint says so.
 */
function ownChildren(draft: Draft, parents: readonly Draft[], draw: Draw): readonly Draft[] {
  const isOwn = (parent: Draft): boolean =>
    parent.parents.every(
      (owner) => owner === null || owner === undefined || owner.plan !== draft.plan || owner === draft,
    );
  return draw.chance(FOREIGN_CHILD_PERCENT) ? parents : parents.filter(isOwn);
}

/** Rows of the same table refer to rows before them, so that they can be inserted in order; a root that must refer to something refers to itself. */
function possibleParents(draft: Draft, key: ForeignKeyPlan, rows: TableRows, context: CycleContext): readonly Draft[] {
  if (key.target !== draft.plan.index) {
    const others = context.rowsOf(key.target).rows;
    return key.isRequired ? others : ownChildren(draft, others, context.draw);
  }
  const earlier = rows.rows.slice(0, rows.rows.indexOf(draft)).filter((candidate) => !candidate.isDropped);
  return key.isRequired && (earlier.length === 0 || context.draw.chance(20)) ? [...earlier, draft] : earlier;
}

function dropOrphans(drafts: readonly Draft[]): void {
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    for (const draft of drafts) {
      if (draft.isDropped || !draft.parents.some((parent) => parent?.isDropped === true)) continue;
      draft.isDropped = true;
      isChanged = true;
    }
  }
}
