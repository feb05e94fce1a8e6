/**
 * The structure of a PostgreSQL database as a `Catalog`: everything that `rollback-restores` compares, on majors 14 to 18.
 *
 * One prepared statement reads the common kinds (`catalog/`), one scalar JSON subquery each, and says which rare kinds are there; only where there are,
 * a second statement reads them. So most reads are one round trip with a cached plan, and a fresh connection plans only what it needs.
 * The server's answer has no OIDs in it: databases with the same structure mostly answer with the same text, and that text
 * finds the catalog that was made of it before.
 *
 * Objects of extensions, of the system and of other objects (toast tables, row types, a key's triggers) are not listed.
 */
import type { Client } from 'pg';
import type { Catalog } from '../../core/catalog.ts';
import { makeCatalog } from '../../core/catalog.ts';
import { tablePartKinds } from './catalog/constraints.ts';
import { databaseKinds } from './catalog/database.ts';
import { COMMENTED_CTE } from './catalog/fragments.ts';
import type { KindRow, KindSpec } from './catalog/kind.ts';
import { compileKind, readKind } from './catalog/kind.ts';
import { RELATIONS_CTE, relationKinds } from './catalog/relations.ts';
import { ROUTINE_KINDS } from './catalog/routines.ts';
import { TEXT_SEARCH_KINDS } from './catalog/text-search.ts';
import { typeKinds } from './catalog/types.ts';
import { AS_TEXT } from './connection.ts';
import { serverMajor } from './server-major.ts';

/** What `readCatalog` leaves out. */
export interface CatalogOptions {
  /** Whether the roles of the server are listed (default true). Other users of a shared server may add roles at any time. */
  readonly roles?: boolean;
}

/**
 * Reads the catalog in one round trip, in two where it has rare objects, with one more on a connection's first call. The same answer of the server
 * gives the same `Catalog` object. For one consistent look the caller's transaction must be `REPEATABLE READ`.
 *
 * Settings that change how definitions are printed (`TimeZone`, `DateStyle`, `quote_all_identifiers`) are the caller's. A `search_path` that
 * would shorten names is replaced by `SET LOCAL` for the rest of the transaction. The statements stay prepared on the connection: they must not be discarded there.
 * Errors of the connection pass through; `PalindromeError` `unsupported-engine` where the server is older than 14.
 */
export async function readCatalog(client: Client, options: CatalogOptions = {}): Promise<Catalog> {
  const major = await serverMajor(client);
  const plan = planFor(major, options.roles ?? true);
  let answer = await ask(client, plan.common);
  if (!PRINTS_WHOLE_NAMES.has(answer[0] ?? '')) {
    await client.query('SET LOCAL search_path = pg_catalog');
    answer = await ask(client, plan.common);
  }
  const rare = rareStatement(plan, answer[1] ?? '');
  return remember([
    { statement: plan.common, values: answer },
    ...(rare === null ? [] : [{ statement: rare, values: await ask(client, rare) }]),
  ]);
}

const PRINTS_WHOLE_NAMES: ReadonlySet<string> = new Set(['', '""', 'pg_catalog']);

/** A statement whose answer is one row: values that are no kind's, then one for each kind. */
interface Statement {
  readonly name: string;
  readonly sql: string;
  /** How many values come before those of the kinds. */
  readonly skip: number;
  readonly kinds: readonly KindSpec[];
}

interface Plan {
  readonly common: Statement;
  readonly rareKinds: readonly KindSpec[];
  /** By the second value of the common statement's answer. */
  readonly rareStatements: Map<string, Statement>;
}

interface Answer {
  readonly statement: Statement;
  readonly values: readonly (string | null)[];
}

async function ask(client: Client, { name, sql }: Statement): Promise<readonly (string | null)[]> {
  const { rows } = await client.query<(string | null)[]>({ name, text: sql, rowMode: 'array', types: AS_TEXT });
  return rows[0] ?? [];
}

const PLANS = new Map<string, Plan>();

function planFor(major: number, roles: boolean): Plan {
  const name = `palindrome-catalog-${major}${roles ? '-roles' : ''}`;
  const known = PLANS.get(name);
  if (known !== undefined) return known;
  const kinds = [
    ...relationKinds(major),
    ...tablePartKinds(major),
    ...typeKinds(major),
    ...ROUTINE_KINDS,
    ...TEXT_SEARCH_KINDS,
    ...databaseKinds(major, { roles }),
  ];
  const rareKinds = kinds.filter((kind) => kind.rare !== undefined);
  const present = rareKinds.map((kind) => `CASE WHEN ${kind.rare} THEN '1' ELSE '0' END`).join(' || ');
  const plan: Plan = {
    common: statement(
      name,
      [`current_setting('search_path')`, present],
      kinds.filter((kind) => kind.rare === undefined),
    ),
    rareKinds,
    rareStatements: new Map(),
  };
  PLANS.set(name, plan);
  return plan;
}

function statement(name: string, before: readonly string[], kinds: readonly KindSpec[]): Statement {
  const values = [...before, ...kinds.map(compileKind)];
  return {
    name,
    sql: `WITH rel AS MATERIALIZED (${RELATIONS_CTE}), commented AS MATERIALIZED (${COMMENTED_CTE}) SELECT ${values.map((value, index) => `${value} AS v${index}`).join(',\n')}`,
    skip: before.length,
    kinds,
  };
}

/** The statement that reads the rare kinds marked `1`; null where none is. */
function rareStatement(plan: Plan, present: string): Statement | null {
  if (!present.includes('1')) return null;
  const known = plan.rareStatements.get(present);
  if (known !== undefined) return known;
  const made = statement(
    `${plan.common.name}-${BigInt(`0b${present}`).toString(36)}`,
    [],
    plan.rareKinds.filter((_, index) => present[index] === '1'),
  );
  plan.rareStatements.set(present, made);
  return made;
}

/** How much text is kept to find catalogs by, in UTF-16 code units: dozens of small schemas, the last few of a large one. */
const REMEMBERED_TEXT = 4_000_000;
const catalogsByText = new Map<string, Catalog>();
let rememberedText = 0;

function remember(answers: readonly Answer[]): Catalog {
  const text = answers.map(({ statement: { name }, values }) => [name, ...values].join('\n')).join('\n');
  const known = catalogsByText.get(text);
  // A map keeps the order of insertion: what was used last goes to its end.
  if (known !== undefined) catalogsByText.delete(text);
  else rememberedText += text.length;
  const catalog = known ?? makeCatalog(answers.flatMap(readAnswer));
  catalogsByText.set(text, catalog);
  for (const oldest of catalogsByText.keys()) {
    if (rememberedText <= REMEMBERED_TEXT || oldest === text) break;
    catalogsByText.delete(oldest);
    rememberedText -= oldest.length;
  }
  return catalog;
}

function readAnswer({ statement: { kinds, skip }, values }: Answer): Catalog['objects'] {
  return kinds.flatMap((kind, index) => {
    const rows = values[skip + index] ?? null;
    return rows === null ? [] : readKind(kind, JSON.parse(rows) as KindRow[]);
  });
}
