/** PostgreSQL's dumps and databases as starting data, through the command line, on one server. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../harness/core/report.ts';
import { makeFolder, runCli, type Finished } from '../cli/run-cli.ts';
import { postgresDialect } from '../../harness/dialects/postgres/dialect.ts';
import { openCluster, startServer, type PostgresServer } from '../dialects/postgres/support.ts';
import { findCanaries, readAll } from './canaries.ts';

const ROOT = join(import.meta.dirname, '../..');
const TRACK = join(ROOT, 'migrations/reference/track-your-stack/hardened');
const STAGING = join(import.meta.dirname, 'fixtures/staging.sql');
const SALT = { PALINDROME_ANONYMISE_SALT: 'a salt that is long enough' };
const DATABASE = `anonymise_source_${process.pid}`;

let server: PostgresServer;

beforeAll(async () => {
  server = await startServer();
}, 60_000);
afterAll(async () => {
  await administer(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
  await server[Symbol.asyncDispose]();
});

function urlOf(database: string): string {
  return server.host.startsWith('/')
    ? `postgres://${server.user}@localhost/${database}?host=${encodeURIComponent(server.host)}&port=${server.port}`
    : `postgres://${server.user}@${server.host}:${server.port}/${database}`;
}

async function administer(sql: string, database = server.database): Promise<readonly Record<string, unknown>[]> {
  const { host, port, user } = server;
  const client = new Client({ host, port, user, password: server.password ?? '', database });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function run(verb: string, set: string, cwd: string, ...args: readonly string[]): Promise<Finished> {
  const where = ['--provider', 'server', '--server-url', urlOf(server.database)];
  return runCli([verb, set, ...where, ...args, '--debug'], cwd, SALT);
}

const SET = {
  'm/1_shop.up.sql': `CREATE TYPE tier AS ENUM ('GOLD', 'BASE');
CREATE TABLE shop (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE customer (shop_id uuid NOT NULL REFERENCES shop, number int NOT NULL, email text NOT NULL, tier tier NOT NULL,
  tags text[] NOT NULL DEFAULT '{}', born date, seen timestamptz, low numeric(12,4), high numeric(12,4), PRIMARY KEY (shop_id, number), CHECK (low <= high));
CREATE TABLE purchase (id bigserial PRIMARY KEY, shop_id uuid NOT NULL, number int NOT NULL, amount numeric(20,8) NOT NULL,
  FOREIGN KEY (shop_id, number) REFERENCES customer);\n`,
  'm/1_shop.down.sql': 'DROP TABLE purchase, customer, shop; DROP TYPE tier;\n',
  'm/2_email.up.sql': 'CREATE UNIQUE INDEX customer_email ON customer (lower(trim(email)));\n',
  'm/2_email.down.sql': 'DROP INDEX customer_email;\n',
};
const SHOP = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11';
const copied = (customers: string, purchases = ''): string =>
  `--\n-- PostgreSQL database dump\n--\n${SET['m/1_shop.up.sql'].replaceAll(' REFERENCES shop', '').replace(/,\n {2}FOREIGN KEY[^\n]*/, ');')}
COPY public.shop (id, name) FROM stdin;\n${SHOP}\tWilhelmina\n\\.\n
COPY public.customer (shop_id, number, email, tier, tags, born, seen, low, high) FROM stdin;\n${customers}\\.\n
COPY public.purchase (id, shop_id, number, amount) FROM stdin;\n${purchases}\\.\n
ALTER TABLE ONLY public.customer ADD CONSTRAINT customer_shop_fkey FOREIGN KEY (shop_id) REFERENCES public.shop(id);
ALTER TABLE ONLY public.customer ADD CONSTRAINT customer_email_key UNIQUE (email);
ALTER TABLE ONLY public.purchase ADD CONSTRAINT purchase_customer_fkey FOREIGN KEY (shop_id, number) REFERENCES public.customer(shop_id, number);
--\n-- PostgreSQL database dump complete\n--\n`;
const customer = (
  number: number | string,
  email: string,
  rest = `GOLD\t{canary,"two words"}\t1990-02-03\t2024-01-02 03:04:05.000006+00\t1.5\t2.25`,
  shop = SHOP,
): string => `${shop}\t${number}\t${email}\t${rest}\n`;

describe('staging data of track-your-stack', () => {
  it('should go masked through phases 2 to 5', async () => {
    await using folder = await makeFolder();
    const args = [
      '--dataset',
      STAGING,
      '--cases',
      '1',
      '--seed',
      '1',
      '--report',
      'json=report.json',
      '--report',
      'terminal',
    ];
    const { code, out, err } = await run('verify', TRACK, folder.path, ...args);
    const report = JSON.parse(await readFile(join(folder.path, 'report.json'), 'utf8')) as Report;
    const [set] = report.sets;
    expect(set?.dataset?.after).toBe('20251102090000_add_security_fields');
    expect(set?.dataset?.usedFor).toEqual(set?.migrations.slice(2).map(({ name }) => name));
    expect(set?.dataset?.leftOut).toEqual([]);
    expect(set?.dataset?.notes).toEqual(['owners, grants and comments of the dump were left out']);
    expect(
      set?.migrations.slice(2).map(({ results }) => results.find(({ property }) => property === 'applies')?.cases),
    ).toEqual([2, 2, 2, 2, 2]);
    expect(set?.migrations.flatMap(({ results }) => results.filter(({ verdict }) => verdict === 'falsified'))).toEqual(
      [],
    );
    expect([0, 4]).toContain(code);
    expect(findCanaries(out, err, JSON.stringify(report))).toEqual([]);
    expect(findCanaries(await readFile(STAGING, 'utf8')).length).toBeGreaterThan(10);
  }, 180_000);
});

describe('a dump', () => {
  it('should fail a migration as the real rows would, with masked rows in everything that is kept', async () => {
    const rows = customer(1, 'Wilhelmina@secret-bank.example') + customer(2, ' wilhelmina@secret-bank.example ');
    await using folder = await makeFolder({ ...SET, 'staging.sql': copied(rows, `1\t${SHOP}\t2\t918273.64554637\n`) });
    const args = [
      '--dataset',
      'staging.sql',
      '--cases',
      '1',
      '--seed',
      '2',
      '--report',
      'json=report.json',
      '--report',
      'terminal',
    ];
    const { code, out, err } = await run('verify', 'm', folder.path, ...args);
    const report = JSON.parse(await readFile(join(folder.path, 'report.json'), 'utf8')) as Report;
    const applies = report.sets[0]?.migrations[1]?.results.find(({ property }) => property === 'applies');
    expect({ code, verdict: applies?.verdict, clause: applies?.clause }).toEqual({
      code: 1,
      verdict: 'falsified',
      clause: 'rejects',
    });
    const kept = await readAll(join(folder.path, '.palindrome'));
    expect(kept.length).toBeGreaterThan(1);
    expect(findCanaries(out, err, JSON.stringify(report), ...kept)).toEqual([]);
  }, 120_000);

  it('should keep composite references, NULLs, equality and the order that a check demands', async () => {
    const rows = Array.from({ length: 30 }, (_, n) =>
      customer(n + 1, `canary${n}@secret-bank.example`, `${n % 2 ? 'GOLD' : 'BASE'}\t{}\t\\N\t\\N\t${n}.5\t${n + 1}`),
    );
    const purchases = rows.map((_, n) => `${n + 1}\t${SHOP}\t${n + 1}\t${n}.00000001\n`);
    await using folder = await makeFolder({ ...SET, 'staging.sql': copied(rows.join(''), purchases.join('')) });
    const { code } = await run('anonymise', 'm', folder.path, '--dataset', 'staging.sql', '--out', 'masked.json');
    const { tables } = JSON.parse(await readFile(join(folder.path, 'masked.json'), 'utf8')) as {
      tables: { table: string; columns: string[]; rows: (string | null)[][] }[];
    };
    const customers = tables.find(({ table }) => table === 'public.customer')?.rows ?? [];
    const keys = new Set(customers.map(([shop, number]) => `${shop}/${number}`));
    expect({ code, keys: keys.size }).toEqual({ code: 0, keys: 30 });
    expect(
      tables
        .find(({ table }) => table === 'public.purchase')
        ?.rows.every(([, shop, number]) => keys.has(`${shop}/${number}`)),
    ).toBe(true);
    expect(customers.every((row) => row[5] === null && row[6] === null)).toBe(true);
    expect(customers.every((row) => Number(row[7]) <= Number(row[8]))).toBe(true);
    expect(new Set(customers.map((row) => row[2])).size).toBe(30);
  }, 60_000);

  const good = customer(1, 'canary@secret-bank.example');
  it.each<[string, string, string, number]>([
    [
      'a value that is none',
      copied(good + customer('canary', 'x')),
      'row 2 of public.customer breaks the type of a column',
      2,
    ],
    [
      'a row that a check refuses',
      copied(good + customer(2, 'x', 'GOLD\t{}\t\\N\t\\N\t7734501\t1')),
      'row 2 of public.customer breaks customer_check (check)',
      2,
    ],
    [
      'an address that is there twice',
      copied(good + customer(2, 'x') + customer(3, 'canary@secret-bank.example')),
      'row 3 of public.customer breaks customer_email_key (unique)',
      2,
    ],
    [
      'a row without its parent',
      copied(good, `1\t${SHOP}\t1\t1\n2\t${SHOP}\t7734501\t1\n3\t${SHOP}\t7734502\t1\n`),
      'row 2 of public.purchase (and 1 more) breaks purchase_customer_fkey (foreign key)',
      2,
    ],
    [
      'rows as INSERTs that break a key',
      `${SET['m/1_shop.up.sql']}INSERT INTO shop VALUES ('${SHOP}', 'Wilhelmina');\nINSERT INTO shop VALUES ('${SHOP}', 'geheim');\n`,
      'row 2 of shop breaks shop_pkey (unique)',
      2,
    ],
    ['a dump that was cut off', copied(good).slice(0, -60), 'ends before its end', 2],
    ['a file that is no dump', 'canary,wilhelmina\n', 'is no dump', 2],
    [
      'a dump of a later version that does not load',
      copied(good)
        .replace(
          '--\n-- PostgreSQL database dump\n--',
          '--\n-- PostgreSQL database dump\n--\n-- Dumped from database version 99.1\n',
        )
        .replace('CREATE TYPE', 'CREATE GALAXY canary;\nCREATE TYPE'),
      'was made from PostgreSQL 99',
      2,
    ],
    ['tables of another system', 'CREATE TABLE canary (a int);\n', 'The nearest is that after', 2],
  ])(
    'should refuse %s and name no value',
    async (_, text, words, exit) => {
      await using folder = await makeFolder({ ...SET, 'staging.sql': text });
      const { code, out, err } = await run('verify', 'm', folder.path, '--dataset', 'staging.sql', '--cases', '1');
      expect(err.replaceAll(/\s+/g, ' ')).toContain(words);
      expect(code).toBe(exit);
      expect(findCanaries(out, err)).toEqual([]);
    },
    60_000,
  );
});

describe('a database', () => {
  it('should be read in a transaction that cannot write, by URL', async () => {
    await administer(`CREATE DATABASE ${DATABASE}`);
    await administer(
      `${SET['m/1_shop.up.sql']} INSERT INTO shop VALUES ('${SHOP}', 'Wilhelmina geheim');
      INSERT INTO customer SELECT '${SHOP}', n, 'canary' || n || '@secret-bank.example', 'GOLD', '{}', '1990-01-01', now(), 1, 2 FROM generate_series(1, 50) n;
      INSERT INTO purchase (shop_id, number, amount) SELECT '${SHOP}', 1 + n % 50, n FROM generate_series(1, 200) n;
      CREATE FUNCTION spy() RETURNS int LANGUAGE sql AS 'INSERT INTO shop VALUES (gen_random_uuid(), ''written'') RETURNING 1';
      ALTER DATABASE ${DATABASE} SET default_transaction_read_only = off`,
      DATABASE,
    );
    const count = `SELECT (SELECT count(*) FROM shop) AS shops, (SELECT count(*) FROM purchase) AS purchases, (SELECT last_value FROM purchase_id_seq) AS last`;
    const before = await administer(count, DATABASE);
    await using folder = await makeFolder(SET);
    const { code, out } = await run(
      'anonymise',
      'm',
      folder.path,
      '--dataset',
      urlOf(DATABASE),
      '--dataset-rows',
      '20',
      '--out',
      'masked.json',
    );
    expect(code).toBe(0);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      '20 of 50 rows of public.customer, 20 of 200 rows of public.purchase',
    );
    expect(out).not.toContain(`${server.user}@`);
    expect(findCanaries(out, await readFile(join(folder.path, 'masked.json'), 'utf8'))).toEqual([]);
    expect(await administer(count, DATABASE)).toEqual(before);
    const { host, port, user, password } = server;
    await using cluster = await openCluster(server);
    await using source = await postgresDialect.openSource({
      location: { kind: 'url', host, port, user, password, database: DATABASE, ssl: false, shownAs: 'it' },
      cluster,
      statementMs: 10_000,
    });
    expect(await source.answers('SELECT spy()')).toBe(null);
    expect(await source.answers('SELECT 1 FROM shop')).toBe(true);
    expect(await source.answers('SELECT 1 WHERE false')).toBe(false);
    expect(source.model.tables.flatMap(({ existing }) => existing)).toEqual([]);
    expect(await administer(count, DATABASE)).toEqual(before);
  }, 60_000);

  it.each([
    ['beyond this machine', 'postgres://reader:hunter2@db.example.com/production', 'is not on this machine', 2],
    ['where nobody answers', 'postgres://reader:hunter2@127.0.0.1:1/production', 'nothing listens there', 3],
    ['of another kind', 'mysql://reader:hunter2@127.0.0.1/production', 'does not start with postgres://', 2],
  ])(
    'should be refused %s, without its password',
    async (_, url, words, exit) => {
      await using folder = await makeFolder(SET);
      const { code, out, err } = await run('verify', 'm', folder.path, '--dataset', url);
      expect(`${out}${err}`.replaceAll(/\s+/g, ' ')).toContain(words);
      expect(code).toBe(exit);
      expect(`${out}${err}`).not.toContain('hunter2');
    },
    30_000,
  );
});

describe('an archive', () => {
  it('should be read through pg_restore, or refused with the reason', async () => {
    await using folder = await makeFolder({ 'staging.dump': 'PGDMP\u0001 canary' });
    const hasTool = await promisify(execFile)('pg_restore', ['--version']).then(
      () => true,
      () => false,
    );
    const archive = join(import.meta.dirname, 'fixtures/staging.dump');
    const good = await run('anonymise', TRACK, folder.path, '--dataset', archive);
    expect(good.code).toBe(hasTool ? 0 : 2);
    expect(`${good.out}${good.err}`.replaceAll(/\s+/g, ' ')).toContain(
      hasTool ? 'as it was after 20251102090000_add_security_fields): all 39 rows' : 'there is no pg_restore here',
    );
    const bad = await run('anonymise', TRACK, folder.path, '--dataset', 'staging.dump');
    expect(bad.code).toBe(2);
    expect(bad.err).toContain(hasTool ? 'pg_restore cannot read staging.dump' : 'there is no pg_restore here');
    expect(findCanaries(good.out, good.err, bad.err)).toEqual([]);
  }, 60_000);
});
