/**
 * The words of the domain: rows of entities, with the same fields whatever a schema calls them. A mapping (`mapping.ts`) gives them the
 * names, types and labels of a schema.
 */

/** An entity's row: text, a truth value, or null, by field. Ids and references are `@<entity>:<n>` until they are mapped. */
export type EntityRow = Readonly<Record<string, string | boolean | null>>;

/** Rows by entity, parents before children. */
export type Entities = Readonly<Record<string, readonly EntityRow[]>>;

/** What a field's text means, so that it can be fitted to the type of its column. */
export type FieldKind = 'id' | 'text' | 'label' | 'amount' | 'count' | 'moment' | 'date' | 'flag' | 'json';

/** The fields of an entity. */
export type Fields = Readonly<Record<string, FieldKind>>;

/** An id or a reference to it. */
function idOf(entity: string, ordinal: bigint): string {
  return `@${entity}:${ordinal}`;
}

/** Hands out ids of an entity, from 1. */
export function idsOf(entity: string): () => string {
  let last = 0n;
  return () => idOf(entity, ++last);
}

/** The rows whose parent is there; all of them where the parents are not known. */
export function keepWith(
  rows: readonly EntityRow[] | undefined,
  parents: readonly EntityRow[] | undefined,
  field: string,
): readonly EntityRow[] | undefined {
  if (rows === undefined || parents === undefined) return rows;
  const known = new Set(parents.map((row) => row['id']));
  return rows.filter((row) => known.has(row[field]));
}
