/**
 * Which tables a case fills. Small schemas are filled whole; in large ones most cases fill what the migration mentions
 * and what refers to it, so that the cost of a case does not grow with the schema.
 */
import type { SchemaModel } from '../core/schema.ts';

const SMALL_SCHEMA_TABLES = 12;
const WHOLE_EVERY = 10;
const MAX_CHILDREN = 6;

/** The focus of case `index`: null for every table. */
export function focusOf(model: SchemaModel, mentioned: ReadonlySet<string>, index: number): readonly string[] | null {
  if (model.tables.length <= SMALL_SCHEMA_TABLES || index % WHOLE_EVERY === WHOLE_EVERY - 1) return null;
  const children = model.tables
    .filter((table) => !mentioned.has(table.key) && table.foreignKeys.some((key) => mentioned.has(key.refTable)))
    .slice(0, MAX_CHILDREN);
  const focus = [...mentioned, ...children.map(({ key }) => key)];
  return focus.length === 0 ? model.tables.slice(0, 2).map(({ key }) => key) : focus;
}
