/**
 * Which declared queries a migration can concern. Plans of tables that it does not touch stay as they were.
 */
import type { Migration } from '../core/migration.ts';
import type { SchemaModel } from '../core/schema.ts';
import { splitName } from '../core/schema-lookup.ts';
import { scriptOf } from '../core/script.ts';
import type { DeclaredQuery, PlannedSet } from './plan.ts';
import { isInSpan } from './span.ts';

export interface RelevantQueries {
  readonly before: readonly DeclaredQuery[];
  readonly after: readonly DeclaredQuery[];
}

interface AskedOf {
  readonly planned: PlannedSet;
  readonly migration: Migration;
  readonly index: number;
  readonly model: SchemaModel;
  readonly mentioned: ReadonlySet<string>;
}

/** The queries asked after the migration that are new there, or that read a table or name an index of its scripts; and those of them asked before it. */
export function relevantQueries(of: AskedOf): RelevantQueries {
  const { set, queries } = of.planned;
  const isAsked = (query: DeclaredQuery, applied: number): boolean => isInSpan(set, query, applied);
  const after = queries.filter(
    (query) => isAsked(query, of.index + 1) && (!isAsked(query, of.index) || isTouched(query, of)),
  );
  return { before: after.filter((query) => isAsked(query, of.index)), after };
}

function isTouched({ sql, indexes }: DeclaredQuery, { planned, migration, model, mentioned }: AskedOf): boolean {
  const read = planned.dialect.mentionedTables(scriptOf(sql), model);
  if (read.length === 0 || read.some((table) => mentioned.has(table))) return true;
  const text = migration.up.text.toLowerCase();
  return indexes.some((index) => text.includes((splitName(index).at(-1) ?? index).toLowerCase()));
}
