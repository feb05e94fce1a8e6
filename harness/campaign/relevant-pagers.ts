/**
 * Which declared pagers a migration can concern: those of a table or an index that its scripts name, and those that begin with it.
 */
import type { Migration } from '../core/migration.ts';
import type { Pager } from '../core/pager.ts';
import type { SchemaModel } from '../core/schema.ts';
import { findTable, splitName } from '../core/schema-lookup.ts';
import type { PlannedSet } from './plan.ts';
import { isInSpan } from './span.ts';

export interface RelevantPagers {
  readonly before: readonly Pager[];
  readonly after: readonly Pager[];
}

interface AskedOf {
  readonly planned: PlannedSet;
  readonly migration: Migration;
  readonly index: number;
  readonly model: SchemaModel;
  readonly mentioned: ReadonlySet<string>;
}

/** The pagers turned after the migration, and those of them that were turned before it. */
export function relevantPagers(of: AskedOf): RelevantPagers {
  const { set, pagers } = of.planned;
  const isAsked = (pager: Pager, applied: number): boolean =>
    isInSpan(set, pager, applied) && (pager.from !== null || isThere(pager, of, applied));
  const after = pagers.filter(
    (pager) => isAsked(pager, of.index + 1) && (!isAsked(pager, of.index) || isTouched(pager, of)),
  );
  return { before: after.filter((pager) => isAsked(pager, of.index)), after };
}

/** A pager that names no first migration begins with its table: what a script does not name it does not create. */
function isThere(pager: Pager, { index, migration, model }: AskedOf, applied: number): boolean {
  return findTable(model, pager.table) !== undefined || (applied > index && names(migration, pager.table));
}

function isTouched(pager: Pager, { migration, model, mentioned }: AskedOf): boolean {
  const table = findTable(model, pager.table);
  if (table === undefined || mentioned.has(table.key)) return true;
  return pager.indexes.some((index) => names(migration, index));
}

function names(migration: Migration, name: string): boolean {
  return migration.up.text.toLowerCase().includes((splitName(name).at(-1) ?? name).toLowerCase());
}
