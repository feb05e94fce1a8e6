/**
 * A migrated database against the model that a project declares, and what each model language cannot say.
 */
import {
  type Catalog,
  type CatalogChange,
  type CatalogObject,
  diffCatalogs,
  makeCatalog,
} from '../../harness/core/catalog.ts';
import { matchesGlob } from '../../harness/core/glob.ts';
import type { DeclaredModel, ModelSource, ParityException } from '../../harness/core/parity.ts';
import { splitName } from '../../harness/core/schema-lookup.ts';

export interface ModelComparison {
  /** Differences that count: `missing` is missing in the database, `extra` is missing in the model. */
  readonly changes: readonly CatalogChange[];
  /** Objects that the model's language cannot say, in words. */
  readonly unsayable: readonly string[];
  readonly usedExceptions: readonly ParityException[];
}

/** Ledgers that migration tools keep: a tool's own, in no model. */
const LEDGERS = new Set([
  '_prisma_migrations', '__drizzle_migrations', 'schema_migrations', 'goose_db_version', '__diesel_schema_migrations', 'gorp_migrations',
  'flyway_schema_history', 'knex_migrations', 'knex_migrations_lock', 'pgmigrations', 'palindrome_ledger',
]); // prettier-ignore

const LANGUAGES: Readonly<Record<ModelSource, string>> = { sql: 'SQL', drizzle: 'Drizzle', prisma: 'Prisma' };

/** What each language has words for; null: everything. */
const SAYABLE_KINDS: Readonly<Record<ModelSource, ReadonlySet<string> | null>> = {
  sql: null,
  drizzle: new Set([
    'schema', 'table', 'column', 'primary key', 'unique constraint', 'foreign key', 'check constraint', 'index', 'enum', 'sequence', 'view',
    'materialized view', 'policy',
  ]),
  prisma: new Set(['schema', 'table', 'column', 'primary key', 'unique constraint', 'foreign key', 'index', 'enum', 'sequence']),
}; // prettier-ignore

/** What both languages have words for, of the objects that they know. */
const SAYABLE_ATTRIBUTES = new Set([
  'type', 'not null', 'default', 'identity', 'generated', 'definition', 'columns', 'references', 'on update', 'on delete', 'unique', 'where',
  'condition', 'label order', 'labels', 'is rowid', 'autoincrement',
]); // prettier-ignore

/** What Prisma has no words for in an index: conditions, expressions, further columns, an order of NULLs that is not the usual. */
const BEYOND_PRISMA = / WHERE | INCLUDE |NULLS (?:FIRST|LAST)|\((?:[^()]*, )?(?:\(|\w+\()/;

/** Compares a fresh install with the model. */
export function compareWithModel(
  database: Catalog,
  { source, catalog }: DeclaredModel,
  exceptions: readonly ParityException[],
): ModelComparison {
  const changes = diffCatalogs(normalise(catalog, source), normalise(database, source));
  const unsayable: string[] = [];
  const used = new Set<ParityException>();
  const counted = changes.filter((change) => {
    if (!isSayable(change, source)) {
      unsayable.push(change.change === 'altered' ? `${nameOf(change)}: ${change.attribute}` : nameOf(change));
      return false;
    }
    const exception = exceptions.find(({ object }) => isMeant(object, change));
    if (exception !== undefined) used.add(exception);
    return exception === undefined;
  });
  return { changes: counted, unsayable, usedExceptions: [...used] };
}

/** What `change` is about, as reports and exceptions name it. */
export function nameOf({ kind, name }: CatalogChange): string {
  return `${kind} ${name}`;
}

/** The language of a model, for people. */
export function languageOf(source: ModelSource): string {
  return LANGUAGES[source];
}

function isMeant(object: string, change: CatalogChange): boolean {
  const name = nameOf(change);
  return name === object || change.name === object || matchesGlob(object, name);
}

function isSayable(change: CatalogChange, source: ModelSource): boolean {
  const kinds = SAYABLE_KINDS[source];
  if (kinds === null) return true;
  if (!kinds.has(change.kind)) return false;
  if (change.change === 'altered') return SAYABLE_ATTRIBUTES.has(change.attribute);
  if (change.change === 'missing' || source !== 'prisma' || change.kind !== 'index') return true;
  const { definition, where, columns } = change.attributes;
  return where == null && !BEYOND_PRISMA.test(definition ?? `(${columns ?? ''})`);
}

/** Without ledgers; for Prisma, which knows but one way to say that values are unique, without the difference between the two. */
function normalise({ objects }: Catalog, source: ModelSource): Catalog {
  const kept = objects.filter(
    ({ table, name, kind }) => !isLedger(table) && !isLedger(kind === 'sequence' ? name : null),
  );
  return makeCatalog(
    source === 'prisma' ? kept.map(asPrismaSees) : kept.filter(({ kind }) => source === 'sql' || kind !== 'extension'),
  );
}

function isLedger(name: string | null): boolean {
  const bare = name === null ? '' : (splitName(name).at(-1) ?? '');
  return LEDGERS.has(bare) || LEDGERS.has(bare.replace(/_id_seq$/, ''));
}

/** A plain unique index and a unique constraint are the same to Prisma. */
function asPrismaSees(object: CatalogObject): CatalogObject {
  const { kind, name, table, attributes } = object;
  if (table === null) return object;
  if (kind === 'unique constraint') {
    const columns = attributes['columns'] ?? /^UNIQUE \((.*)\)$/.exec(attributes['definition'] ?? '')?.[1];
    if (columns === undefined) return object;
    return uniqueKey(table, name, columns, attributes);
  }
  if (kind !== 'index') return object;
  const isPlainSqlite = attributes['unique'] === 'yes' && attributes['where'] === null;
  const columns = isPlainSqlite
    ? attributes['columns']
    : /^CREATE UNIQUE INDEX \S+ ON (?:ONLY )?\S+ USING btree \(([^()]*)\)$/.exec(attributes['definition'] ?? '')?.[1];
  return columns == null ? object : uniqueKey(table, name, columns, attributes);
}

/** SQLite names a constraint by its columns, an index by its name: the columns are what both have. */
function uniqueKey(
  table: string,
  name: string,
  columns: string,
  attributes: CatalogObject['attributes'],
): CatalogObject {
  const isPostgres = 'definition' in attributes;
  const called = isPostgres ? `${table}.${splitName(name).at(-1) ?? name}` : `${table} (${columns})`;
  return { kind: 'unique constraint', name: called, table, attributes: { columns } };
}
