import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diffCatalogs } from '../../../harness/core/catalog.ts';
import { readCatalog, readCatalogSince } from '../../../harness/dialects/postgres/catalog.ts';
import type { CatalogReading } from '../../../harness/dialects/postgres/catalog.ts';
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
const before = new Map<boolean, CatalogReading>();

beforeAll(async () => {
  server = await startServer();
  base = await makeDatabase(server, BASE);
  for (const roles of [true, false]) before.set(roles, await readCatalogSince(base.client, null, { roles }));
});

afterAll(async () => {
  await base[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** What the comparison says after a change, which is then taken back. What the change left alone is not read again. */
async function changesAfter(sql: string, roles: boolean): Promise<readonly string[]> {
  await base.client.query('BEGIN');
  try {
    await base.client.query(sql);
    const then = before.get(roles)!;
    const after = await readCatalogSince(base.client, then.memory, { roles });
    return diffCatalogs(then.catalog, after.catalog).map(describeChange);
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
    expect(after.fingerprint).toBe(before.get(false)!.catalog.fingerprint);
  });
});

describe('what a dump would show', () => {
  it.for(SEEN)('should be seen: %s', async (sql) => {
    const changes = await changesAfter(sql, false);
    expect(changes).not.toEqual([]);
  });
});

/** Changes of which other definitions tell, though no catalog row of theirs changes. */
const TOLD_ELSEWHERE: readonly string[] = [
  'ALTER TABLE app.parent RENAME TO elder',
  'ALTER TABLE app.parent RENAME COLUMN id TO number',
  'ALTER SCHEMA app RENAME TO application',
  'ALTER TYPE app.mood RENAME TO temper',
  'CREATE FUNCTION app.one() RETURNS int LANGUAGE sql AS $$SELECT 1$$; ALTER TABLE app.child ADD one int DEFAULT app.one()',
  'CREATE TYPE app.point AS (x int, y int); ALTER TABLE app.child ADD place app.point, ADD east int GENERATED ALWAYS AS ((place).x) STORED',
  'CREATE TABLE app.halves (id int) PARTITION BY RANGE (id); CREATE TABLE app.half PARTITION OF app.halves DEFAULT; CREATE INDEX halves_idx ON app.halves (id)',
  'CREATE ROLE pgi_owner; ALTER TABLE app.child OWNER TO pgi_owner',
  'CREATE POLICY seen ON app.child USING (EXISTS (SELECT FROM app.parent p WHERE p.id = 1))',
];

/** A second change after each of those: it must be told of what the first one made. */
const THEN: readonly string[] = [
  'ALTER FUNCTION app.one() RENAME TO uno',
  'ALTER TYPE app.point RENAME ATTRIBUTE x TO easting',
  'ALTER TYPE app.point RENAME TO place',
  'ALTER INDEX app.halves_idx RENAME TO halves_index',
  'ALTER TABLE app.halves RENAME TO moieties',
  'ALTER ROLE pgi_owner RENAME TO pgi_owner_2',
  'ALTER TABLE app.parent RENAME COLUMN id TO number',
  'ALTER TABLE app.parent DISABLE TRIGGER ALL',
  "COMMENT ON TABLE app.child IS 'said of a table'",
  'ALTER TABLE app.child SET (toast.autovacuum_enabled = off)',
  'SET LOCAL quote_all_identifiers = on',
];

describe('a look that reads only what changed', () => {
  it.for(TOLD_ELSEWHERE)('should say what a whole look says: %s', async (sql) => {
    const { client } = base;
    await client.query('BEGIN');
    try {
      let known = before.get(false)!;
      for (const step of [sql, ...THEN]) {
        await client.query('SAVEPOINT step');
        await client.query(step).catch(async () => client.query('ROLLBACK TO step'));
        const since = await readCatalogSince(client, known.memory, { roles: false });
        const whole = await readCatalog(client, { roles: false });
        expect(diffCatalogs(whole, since.catalog), step).toEqual([]);
        known = since;
      }
    } finally {
      await client.query('ROLLBACK');
    }
  });
});

describe('what is listed', () => {
  it('should name every object once', () => {
    const names = before.get(true)!.catalog.objects.map((object) => `${object.kind} ${object.name}`);
    expect(names.length).toBeGreaterThan(60);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('should cover every kind that the base schema has', () => {
    const kinds = new Set(before.get(false)!.catalog.objects.map((object) => object.kind));
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
    expect(before.get(false)!.catalog.objects.filter((object) => object.name.includes('gbt_'))).toEqual([]);
  });

  it('should tie parts to their table by its key', () => {
    const key = before.get(false)!.catalog.objects.find((object) => object.name === 'app.child.child_parent_fkey');
    expect(key?.table).toBe('app.child');
    const index = before.get(false)!.catalog.objects.find((object) => object.name === 'app.child_note_idx');
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
    expect(diffCatalogs(before.get(false)!.catalog, inApp)).toEqual([]);
  });
});
