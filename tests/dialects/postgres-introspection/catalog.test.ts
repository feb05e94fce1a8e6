import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../harness/core/catalog.ts';
import { diffCatalogs } from '../../../harness/core/catalog.ts';
import { readCatalog } from '../../../harness/dialects/postgres/catalog.ts';
import type { PostgresServer } from '../postgres/support.ts';
import { startServer } from '../postgres/support.ts';
import { CONSTRAINT_CASES } from './cases-constraints.ts';
import { DATABASE_CASES } from './cases-database.ts';
import { SEEN } from './cases-seen.ts';
import { TABLE_CASES } from './cases-tables.ts';
import { TYPE_CASES } from './cases-types.ts';
import { VIEW_CASES } from './cases-views.ts';
import { describeChange, expectedOn } from './catalog-case.ts';
import type { TestDatabase } from './database.ts';
import { makeDatabase } from './database.ts';

const BASE = readFileSync(new URL('./fixtures/base.sql', import.meta.url), 'utf8');

let server: PostgresServer;
let base: TestDatabase;
const before = new Map<boolean, Catalog>();

beforeAll(async () => {
  server = await startServer();
  base = await makeDatabase(server, BASE);
  for (const roles of [true, false]) before.set(roles, await readCatalog(base.client, { roles }));
});

afterAll(async () => {
  await base[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** What the comparison says after a change, which is then taken back. */
async function changesAfter(sql: string, roles: boolean): Promise<readonly string[]> {
  await base.client.query('BEGIN');
  try {
    await base.client.query(sql);
    const after = await readCatalog(base.client, { roles });
    return diffCatalogs(before.get(roles)!, after).map(describeChange);
  } finally {
    await base.client.query('ROLLBACK');
  }
}

describe('a change of one thing', () => {
  it.for([...TABLE_CASES, ...CONSTRAINT_CASES, ...VIEW_CASES, ...TYPE_CASES, ...DATABASE_CASES])(
    'should be told exactly: $change',
    async ({ sql, expected, since, seesRoles }) => {
      const isKnown = base.major >= (since ?? 14);
      const changes = await changesAfter(sql, seesRoles ?? false).catch((error: unknown) => {
        if (isKnown) throw error;
        return ['refused'];
      });
      // Other files of the same server may make roles meanwhile.
      const ours = changes.filter((change) => !/^(?:extra|missing) role (?!pgi_)/.test(change));
      expect(ours).toEqual(isKnown ? expectedOn(base.major, expected) : ['refused']);
    },
  );

  it('should leave nothing behind once it is taken back', async () => {
    await changesAfter('ALTER TABLE app.child ADD again text', false);
    const after = await readCatalog(base.client, { roles: false });
    expect(after.fingerprint).toBe(before.get(false)!.fingerprint);
  });
});

describe('what a dump would show', () => {
  it.for(SEEN)('should be seen: %s', async (sql) => {
    const changes = await changesAfter(sql, false);
    expect(changes).not.toEqual([]);
  });
});

describe('what is listed', () => {
  it('should name every object once', () => {
    const names = before.get(true)!.objects.map((object) => `${object.kind} ${object.name}`);
    expect(names.length).toBeGreaterThan(60);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('should cover every kind that the base schema has', () => {
    const kinds = new Set(before.get(false)!.objects.map((object) => object.kind));
    expect([...kinds]).toEqual(
      expect.arrayContaining([
        'access method',
        'aggregate',
        'cast',
        'check constraint',
        'collation',
        'column',
        'composite type',
        'conversion',
        'database',
        'domain',
        'domain constraint',
        'enum',
        'event trigger',
        'exclusion constraint',
        'extension',
        'foreign data wrapper',
        'foreign key',
        'foreign server',
        'foreign table',
        'function',
        'index',
        'materialized view',
        'operator',
        'operator class',
        'operator family',
        'policy',
        'primary key',
        'procedure',
        'publication',
        'range type',
        'rule',
        'schema',
        'sequence',
        'statistics object',
        'table',
        'text search configuration',
        'text search dictionary',
        'trigger',
        'unique constraint',
        'user mapping',
        'view',
      ]),
    );
  });

  it('should leave out what belongs to an extension', () => {
    expect(before.get(false)!.objects.filter((object) => object.name.includes('gbt_'))).toEqual([]);
  });

  it('should tie parts to their table by its key', () => {
    const key = before.get(false)!.objects.find((object) => object.name === 'app.child.child_parent_fkey');
    expect(key?.table).toBe('app.child');
    const index = before.get(false)!.objects.find((object) => object.name === 'app.child_note_idx');
    expect(index?.table).toBe('app.child');
  });
});

describe('two databases', () => {
  const SETTINGS = `
    CREATE SCHEMA shop; CREATE EXTENSION citext;
    CREATE TYPE shop.size AS ENUM ('s', 'm');
    CREATE FUNCTION shop.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';`;
  const TABLES = [
    'CREATE TABLE shop.a (id serial PRIMARY KEY, size shop.size, word citext);',
    `CREATE TABLE shop.b (id integer PRIMARY KEY, at timestamptz DEFAULT '2020-01-01 00:00:00+00', CHECK (id > 0)); COMMENT ON TABLE shop.b IS 'b';`,
    `CREATE VIEW shop.v AS SELECT 1 AS one; GRANT SELECT ON shop.v TO PUBLIC;`,
  ];

  it('should have the same catalog where the same was made in another order', async () => {
    const reversed = TABLES.toReversed();
    await using one = await makeDatabase(server, SETTINGS, ...TABLES);
    await using other = await makeDatabase(
      server,
      'CREATE TABLE gone (id serial)',
      SETTINGS,
      ...reversed,
      'DROP TABLE gone',
    );
    const first = await readCatalog(one.client, { roles: false });
    const second = await readCatalog(other.client, { roles: false });
    expect(diffCatalogs(first, second)).toEqual([]);
    expect(second.fingerprint).toBe(first.fingerprint);
  });

  it('should share one catalog object where they were made alike', async () => {
    await using one = await makeDatabase(server, SETTINGS, ...TABLES);
    await using other = await makeDatabase(server, SETTINGS, ...TABLES);
    expect(await readCatalog(other.client, { roles: false })).toBe(await readCatalog(one.client, { roles: false }));
  });

  it('should differ only in a note where a column stands elsewhere', async () => {
    await using one = await makeDatabase(server, 'CREATE TABLE t (a integer, b text)');
    await using other = await makeDatabase(server, 'CREATE TABLE t (b text, a integer)');
    const first = await readCatalog(one.client, { roles: false });
    const second = await readCatalog(other.client, { roles: false });
    expect(second.fingerprint).toBe(first.fingerprint);
    const positions = [first, second].map(
      (catalog) => catalog.objects.find((object) => object.name === 'public.t.a')?.notes?.['position'],
    );
    expect(positions).toEqual(['1', '2']);
  });
});

describe('the session', () => {
  it('should not matter for how names are printed', async () => {
    await base.client.query('BEGIN; SET LOCAL search_path = app, public');
    const inApp = await readCatalog(base.client, { roles: false });
    await base.client.query('ROLLBACK');
    expect(diffCatalogs(before.get(false)!, inApp)).toEqual([]);
  });
});
