/**
 * Which state of a chain some data belongs to: that whose tables and columns the data has, all of them, with the fewest others beside. Where
 * two states differ in neither, the one whose keys, checks and indexes are nearest.
 */
import type { Catalog, CatalogObject } from '../core/catalog.ts';

export interface StateMatch {
  /** How many migrations had run. */
  readonly applied: number;
  /** Tables and columns of the state that the data lacks or has as another type; and of the data that the state lacks: for people. */
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}

/** Tables that migration tools keep for themselves. */
const LEDGERS =
  /^(_prisma_migrations|schema_migrations|goose_db_version|__?drizzle_migrations|flyway_schema_history|__diesel_schema_migrations|gorp_migrations|knex_migrations(_lock)?|pgmigrations|sqitch.*|alembic_version|django_migrations|ar_internal_metadata|palindrome_.*)$/;

/** Compares data with each state, nearest first. */
export function matchStates(states: readonly Catalog[], data: Catalog): readonly StateMatch[] {
  const here = shapeOf(data);
  const details = detailsOf(data);
  return states
    .map((catalog, applied) => {
      const there = shapeOf(catalog);
      const missing = [...there].flatMap(([name, type]) => describeMissing(name, type, here));
      const extra = [...here.keys()].filter((name) => !there.has(name));
      return { applied, missing, extra, distance: differences(detailsOf(catalog), details) };
    })
    .toSorted(
      (a, b) =>
        a.missing.length + a.extra.length - (b.missing.length + b.extra.length) ||
        a.missing.length - b.missing.length ||
        a.distance - b.distance ||
        b.applied - a.applied,
    )
    .map(({ applied, missing, extra }) => ({ applied, missing, extra }));
}

/** Whether a table is a tool's own. `key` is qualified and quoted. */
export function isLedger(key: string): boolean {
  const name = /(?:^|\.)"?([^".]+)"?$/.exec(key)?.[1] ?? key;
  return LEDGERS.test(name);
}

function describeMissing(name: string, type: string, here: ReadonlyMap<string, string>): readonly string[] {
  const found = here.get(name);
  if (found === type) return [];
  return [found === undefined ? name : `${name} as ${type} (it is ${found})`];
}

/** Tables, and columns with their types. */
function shapeOf({ objects }: Catalog): Map<string, string> {
  const shape = new Map<string, string>();
  for (const object of objects) {
    if (!isOfTables(object) || isLedger(object.table ?? object.name)) continue;
    if (object.kind === 'table') shape.set(object.name, '');
    if (object.kind === 'column') shape.set(object.name, object.attributes['type'] ?? '');
  }
  return shape;
}

function isOfTables({ kind, attributes }: CatalogObject): boolean {
  return (kind === 'table' || kind === 'column') && attributes['generated'] !== 'virtual';
}

/** Keys, checks, indexes and what columns demand: for telling states apart that have the same columns. */
function detailsOf({ objects }: Catalog): ReadonlySet<string> {
  return new Set(
    objects
      .filter(({ kind, table }) => /constraint|index|column|foreign|primary|check/.test(kind) && !isLedger(table ?? ''))
      .map(({ kind, name, attributes }) =>
        JSON.stringify([
          kind,
          name,
          Object.entries(attributes).filter(([attribute]) => !/owner|grant|comment/.test(attribute)),
        ]),
      ),
  );
}

function differences(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return [...a].filter((item) => !b.has(item)).length + [...b].filter((item) => !a.has(item)).length;
}
