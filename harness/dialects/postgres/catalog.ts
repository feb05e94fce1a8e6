/**
 * The structure of a PostgreSQL database as a `Catalog`: everything that `rollback-restores` compares, on majors 14 to 18.
 *
 * One prepared statement reads all kinds (`catalog/`), one scalar JSON subquery each: one round trip, and one plan for each connection.
 * The server's answer has no OIDs in it, so two databases with the same structure mostly answer with the same text, and that text
 * finds the catalog that was made of it before.
 *
 * Objects of extensions, of the system and of other objects (toast tables, row types, a key's triggers) are not listed.
 */
import type { Client } from 'pg';
import type { Catalog } from '../../core/catalog.ts';
import { makeCatalog } from '../../core/catalog.ts';
import { tablePartKinds } from './catalog/constraints.ts';
import { databaseKinds } from './catalog/database.ts';
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

interface Reading {
  readonly name: string;
  readonly sql: string;
  readonly kinds: readonly KindSpec[];
}

/**
 * Reads the catalog in one round trip (two on a connection's first call). The same answer of the server gives the same `Catalog` object.
 *
 * Settings that change how definitions are printed (`TimeZone`, `DateStyle`, `quote_all_identifiers`) are the caller's. A `search_path` that
 * would shorten names is replaced by `SET LOCAL` for the rest of the transaction. The statement stays prepared on the connection: it must not be discarded there.
 * Errors of the connection pass through; `PalindromeError` `unsupported-engine` where the server is older than 14.
 */
export async function readCatalog(client: Client, options: CatalogOptions = {}): Promise<Catalog> {
  const reading = readingFor(await serverMajor(client), options.roles ?? true);
  const [searchPath, ...answers] = await ask(client, reading);
  if (searchPath === '' || searchPath === '""' || searchPath === 'pg_catalog') return remember(reading, answers);
  await client.query('SET LOCAL search_path = pg_catalog');
  return remember(reading, (await ask(client, reading)).slice(1));
}

async function ask(client: Client, reading: Reading): Promise<readonly (string | null)[]> {
  const result = await client.query<(string | null)[]>({
    name: reading.name,
    text: reading.sql,
    rowMode: 'array',
    types: AS_TEXT,
  });
  return result.rows[0] ?? [];
}

const READINGS = new Map<string, Reading>();

function readingFor(major: number, roles: boolean): Reading {
  const name = `palindrome-catalog-${major}${roles ? '-roles' : ''}`;
  const known = READINGS.get(name);
  if (known !== undefined) return known;
  const kinds = [
    ...relationKinds(major),
    ...tablePartKinds(major),
    ...typeKinds(major),
    ...ROUTINE_KINDS,
    ...TEXT_SEARCH_KINDS,
    ...databaseKinds(major, { roles }),
  ];
  const columns = [`current_setting('search_path')`, ...kinds.map(compileKind)];
  const reading: Reading = {
    name,
    sql: `WITH rel AS MATERIALIZED (${RELATIONS_CTE}) SELECT ${columns.map((column, index) => `${column} AS c${index}`).join(',\n')}`,
    kinds,
  };
  READINGS.set(name, reading);
  return reading;
}

/** Enough for the schemas that one migration's cases meet; a catalog of 100 tables takes about a megabyte. */
const REMEMBERED = 32;
const byText = new Map<string, Catalog>();

function remember(reading: Reading, answers: readonly (string | null)[]): Catalog {
  const text = `${reading.name}\n${answers.join('\n')}`;
  const known = byText.get(text);
  const catalog = known ?? parse(reading, answers);
  byText.delete(text);
  byText.set(text, catalog);
  if (byText.size > REMEMBERED) byText.delete(byText.keys().next().value ?? '');
  return catalog;
}

function parse(reading: Reading, answers: readonly (string | null)[]): Catalog {
  return makeCatalog(
    reading.kinds.flatMap((kind, index) => {
      const answer = answers[index] ?? null;
      return answer === null ? [] : readKind(kind, JSON.parse(answer) as KindRow[]);
    }),
  );
}
