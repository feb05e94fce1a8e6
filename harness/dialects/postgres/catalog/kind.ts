/**
 * Kinds of objects as data: where their rows are, what they are called, and one SQL expression for each attribute.
 *
 * Every kind becomes one scalar subquery of one statement, so that reading a whole catalog is one round trip and one cached plan.
 * Names are put together here and not by the server, so that they agree with `Table.key` on every server version.
 */
import type { CatalogObject } from '../../../core/catalog.ts';
import { quoteIdentifier } from '../quote.ts';

/** SQL for an attribute's text. NULL: the object has none. */
export type AttributeSpec =
  | string
  | {
      readonly sql: string;
      /** How the text is turned into words where SQL alone would be clumsy; as it is where this is not given. */
      readonly read?: (raw: string) => string | null;
      /** What follows FROM in a query that has rows where any object may have the attribute; where it has none, `otherwise` (default NULL) is every object's. */
      readonly where?: string;
      readonly otherwise?: string;
    };

/** One kind of object, or several that come from the same rows. Every string is SQL unless it says otherwise. */
export interface KindSpec {
  /** An expression for the kind in words: `'table'`, `CASE …`. */
  readonly kind: string;
  /** Expressions for the parts of the name, unquoted. */
  readonly name: readonly string[];
  /** An expression for what follows the name, taken as it is: `(integer, text)`. */
  readonly suffix?: string;
  /** Whether the first two parts of the name are the schema and name of the table that the object belongs to. */
  readonly belongsToTable?: boolean;
  /** Expressions for schema and name of that table where the name does not start with it. */
  readonly table?: readonly [schema: string, name: string];
  /** What follows FROM. May use the common table `rel`. */
  readonly from: string;
  /** Whether every row belongs to one row of `rel` and says nothing that marks (`marks.ts`) do not cover. */
  readonly isOfRelation?: boolean;
  /** By the attribute's name in words. */
  readonly attributes: Readonly<Record<string, AttributeSpec>>;
  readonly notes?: Readonly<Record<string, string>>;
  /** What follows FROM in a query that has rows where there may be such objects; they are not asked for where it has none. */
  readonly where?: string;
}

/** Everything whose presence decides what is asked for. */
export function conditionsOf(kinds: readonly KindSpec[]): readonly string[] {
  const all = kinds.flatMap(({ where, attributes }) => [
    where,
    ...Object.values(attributes).map((attribute) => (typeof attribute === 'string' ? undefined : attribute.where)),
  ]);
  return [...new Set(all.filter((condition) => condition !== undefined))];
}

/** Those that have rows. */
export type Conditions = ReadonlySet<string>;

/** One row of a kind as the server sends it: kind, name parts, suffix, table, attributes, notes, in the order of the specification; before them, of a relation's kinds, its OID. */
export type KindRow = readonly (string | null)[];

/** A subquery that gives the kind's rows as one JSON array of arrays of text; NULL where there are none. */
export function compileKind(spec: KindSpec, conditions: Conditions): string {
  const values = [
    ...(spec.isOfRelation ? ['rel.oid'] : []),
    spec.kind,
    ...spec.name,
    spec.suffix ?? 'NULL',
    ...(spec.table ?? []),
    ...Object.values(spec.attributes).map((attribute) => attributeSql(attribute, conditions)),
    ...Object.values(spec.notes ?? {}),
  ];
  return `(SELECT json_agg(ARRAY[${values.map((value) => `(${value})::text`).join(', ')}]) FROM ${spec.from})`;
}

function attributeSql(attribute: AttributeSpec, conditions: Conditions): string {
  if (typeof attribute === 'string') return attribute;
  return attribute.where === undefined || conditions.has(attribute.where)
    ? attribute.sql
    : (attribute.otherwise ?? 'NULL');
}

/** The objects of a kind's rows, which start with the kind. */
export function readKind(spec: KindSpec, rows: readonly KindRow[]): CatalogObject[] {
  const attributes = Object.entries(spec.attributes);
  const notes = Object.keys(spec.notes ?? {});
  const afterName = 1 + spec.name.length;
  const firstAttribute = afterName + 1 + (spec.table?.length ?? 0);
  return rows.map((row) => {
    const parts = row.slice(1, afterName).filter((part) => part !== null);
    const tableParts = spec.table
      ? row.slice(afterName + 1, firstAttribute)
      : spec.belongsToTable
        ? parts.slice(0, 2)
        : [];
    const object: CatalogObject = {
      kind: row[0] ?? '',
      name: joinName(parts) + (row[afterName] ?? ''),
      table: tableParts.length === 0 ? null : joinName(tableParts.filter((part) => part !== null)),
      attributes: readAttributes(attributes, row, firstAttribute),
    };
    return notes.length === 0
      ? object
      : { ...object, notes: readNotes(notes, row, firstAttribute + attributes.length) };
  });
}

function joinName(parts: readonly string[]): string {
  return parts.map(quoteIdentifier).join('.');
}

function readAttributes(
  specs: readonly (readonly [string, AttributeSpec])[],
  row: KindRow,
  first: number,
): Record<string, string | null> {
  const attributes: Record<string, string | null> = {};
  specs.forEach(([name, spec], index) => {
    const raw = row[first + index] ?? null;
    attributes[name] = raw === null || typeof spec === 'string' || spec.read === undefined ? raw : spec.read(raw);
  });
  return attributes;
}

function readNotes(names: readonly string[], row: KindRow, first: number): Record<string, string> {
  const notes: Record<string, string> = {};
  names.forEach((name, index) => {
    const text = row[first + index] ?? null;
    if (text !== null) notes[name] = text;
  });
  return notes;
}
