/**
 * What a failure looks like, apart from the data: which objects and columns, and what became of them.
 */
import type { CatalogChange } from '../core/catalog.ts';
import type { Finding } from '../core/property.ts';

/** The parts of a difference. They tell neither which rows nor how many. */
export function shapeOf({ catalogChanges, tableDifferences, fault, object }: Finding): readonly string[] {
  const own = catalogChanges.filter(({ name, table }) => name === object || table === object);
  const parts = [
    ...(own.length === 0 ? catalogChanges : own).map(shapeOfChange),
    ...tableDifferences.flatMap(({ table, missing, extra, changed }) => [
      ...(missing.length === 0 ? [] : [`rows of ${table} are missing`]),
      ...(extra.length === 0 ? [] : [`rows of ${table} are extra`]),
      ...changed.map(({ column }) => `values of ${table}.${column} changed`),
    ]),
    ...(fault === null ? [] : [`fault ${fault.code}`]),
  ];
  return [...new Set(parts)];
}

/**
 * Whether two differences of the same object are told as one: where they have a part in common. A case that shows two losses at once adds
 * nothing to the one that is known; the other loss will show alone.
 */
export function isSameShape(a: Finding, b: Finding): boolean {
  const [parts, others] = [shapeOf(a), shapeOf(b)];
  return parts.length === 0 || others.length === 0 || parts.some((part) => others.includes(part));
}

function shapeOfChange(change: CatalogChange): string {
  const which = change.change === 'altered' ? ` ${change.attribute}` : '';
  return `${change.change} ${change.kind} ${change.name}${which}`;
}
