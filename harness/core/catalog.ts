/**
 * The structure of a database as comparable text: every object, every attribute that matters.
 * Both dialects produce the same shape, so comparing needs no knowledge of either.
 */
import { sha256 } from './hash.ts';
import { compareText } from './text.ts';

/** One object of the schema. Its identity is `kind` and `name`; everything else that must survive is an attribute. */
export interface CatalogObject {
  /** In words, singular, as a person would say it: `table`, `column`, `unique constraint`, `check constraint`, `index`, `sequence`, `enum`, … */
  readonly kind: string;
  /** Qualified and quoted as in SQL: `public."Order"`, `public."Order".id` for a column. */
  readonly name: string;
  /** The table (or view) it belongs to, by `Table.key`; null for objects that stand alone. */
  readonly table: string | null;
  /** Attribute name in words (`type`, `default`, `not null`, `label order`) to its text; null where it has none. */
  readonly attributes: Readonly<Record<string, string | null>>;
  /** Facts whose change is only noted, never a failure: column position. */
  readonly notes?: Readonly<Record<string, string>>;
}

export interface Catalog {
  /** Ordered by kind, then name, by code unit. */
  readonly objects: readonly CatalogObject[];
  /** SHA-256 over objects and attributes, without notes. */
  readonly fingerprint: string;
}

export type CatalogChange =
  | {
      readonly change: 'missing' | 'extra';
      readonly kind: string;
      readonly name: string;
      readonly table: string | null;
      readonly attributes: Readonly<Record<string, string | null>>;
    }
  | {
      readonly change: 'altered';
      readonly kind: string;
      readonly name: string;
      readonly table: string | null;
      readonly attribute: string;
      readonly expected: string | null;
      readonly actual: string | null;
    };

/** Orders the objects and computes the fingerprint. */
export function makeCatalog(objects: readonly CatalogObject[]): Catalog {
  const ordered = objects.toSorted((a, b) => compareText(a.kind, b.kind) || compareText(a.name, b.name));
  const canonical = ordered.map((object) => [
    object.kind,
    object.name,
    object.table,
    Object.entries(object.attributes).toSorted(([a], [b]) => compareText(a, b)),
  ]);
  return { objects: ordered, fingerprint: sha256(JSON.stringify(canonical)) };
}

/** What differs between the catalog that should be there and the one that is. Empty where fingerprints agree. */
export function diffCatalogs(expected: Catalog, actual: Catalog): CatalogChange[] {
  if (expected.fingerprint === actual.fingerprint) return [];
  const before = indexObjects(expected);
  const after = indexObjects(actual);
  const changes: CatalogChange[] = [];
  for (const [identity, object] of before) {
    const other = after.get(identity);
    if (other === undefined) changes.push(presence('missing', object));
    else changes.push(...diffAttributes(object, other));
  }
  for (const [identity, object] of after) if (!before.has(identity)) changes.push(presence('extra', object));
  return changes;
}

function presence(change: 'missing' | 'extra', object: CatalogObject): CatalogChange {
  return {
    change,
    kind: object.kind,
    name: object.name,
    table: object.table,
    attributes: object.attributes,
  };
}

function diffAttributes(expected: CatalogObject, actual: CatalogObject): CatalogChange[] {
  const names = [...new Set([...Object.keys(expected.attributes), ...Object.keys(actual.attributes)])].toSorted(
    compareText,
  );
  return names
    .filter((name) => (expected.attributes[name] ?? null) !== (actual.attributes[name] ?? null))
    .map((attribute) => ({
      change: 'altered' as const,
      kind: expected.kind,
      name: expected.name,
      table: expected.table,
      attribute,
      expected: expected.attributes[attribute] ?? null,
      actual: actual.attributes[attribute] ?? null,
    }));
}

function indexObjects(catalog: Catalog): Map<string, CatalogObject> {
  return new Map(catalog.objects.map((object) => [`${object.kind}\u0000${object.name}`, object]));
}
