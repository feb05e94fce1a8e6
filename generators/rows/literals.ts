/** Texts from a migration's scripts that a column could hold: what a script compares with should be there to be found. */
import { baseType, type ColumnPlan } from '../plan/column-plan.ts';
import type { ModelPlan } from '../plan/table-plan.ts';

export type TableLiterals = readonly (readonly string[])[];

const caches = new WeakMap<ModelPlan, WeakMap<readonly string[], readonly TableLiterals[]>>();

/** The suitable literals of each column of each table. Worked out once for a list. */
export function suitableLiterals(plan: ModelPlan, literals: readonly string[]): readonly TableLiterals[] {
  const cache = caches.get(plan) ?? new WeakMap<readonly string[], readonly TableLiterals[]>();
  caches.set(plan, cache);
  const known = cache.get(literals);
  if (known !== undefined) return known;
  const made = plan.tables.map((table) =>
    table.columns.map((column) => literals.filter((literal) => suitsColumn(column, literal))),
  );
  cache.set(literals, made);
  return made;
}

function suitsColumn(plan: ColumnPlan, literal: string): boolean {
  const type = baseType(plan.storage.type);
  if (plan.prefersSmall || literal.includes('\u0000')) return false;
  switch (type.kind) {
    case 'text':
      return type.maxLength === null || Array.from(literal).length <= type.maxLength;
    case 'enum':
      return type.labels.includes(literal);
    case 'boolean':
      return literal === 't' || literal === 'f';
    case 'integer':
      return /^-?\d{1,18}$/.test(literal) && BigInt(literal) >= BigInt(type.min) && BigInt(literal) <= BigInt(type.max);
    case 'numeric':
    case 'float':
      return /^-?\d{1,15}(\.\d{1,10})?$/.test(literal) && isOnScale(plan, literal);
    case 'date':
    case 'timestamp':
      return /^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?$/.test(literal) && isOnScale(plan, literal);
    default:
      return false;
  }
}

function isOnScale(plan: ColumnPlan, literal: string): boolean {
  const position = plan.scale?.parse(literal, 'down');
  if (plan.scale === null || position === null || position === undefined) return false;
  return position >= plan.scale.min && position <= plan.scale.max;
}
