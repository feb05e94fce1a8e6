import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../../harness/core/dialect.ts';
import { postgresDialect } from '../../../harness/dialects/postgres/dialect.ts';
import { LIMITS, openCluster, script, startServer } from './support.ts';
import type { PostgresServer } from './support.ts';

let server: PostgresServer;
let cluster: Cluster;

beforeAll(async () => {
  server = await startServer();
  cluster = await openCluster(server);
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const psql = async (address: string, input: string): Promise<{ code: number | null; output: string; errors: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.env['PSQL'] ?? 'psql', ['-X', '-A', '-t', '-d', address, '-f', '-']);
    let output = '';
    let errors = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output, errors }));
    child.stdin.end(input);
  });

describe('renderRepro', () => {
  it('should make a script that psql runs on an empty database and that shows what happened', async () => {
    const before = [
      script('wrapped', `CREATE TABLE "Users" (id serial PRIMARY KEY, name text NOT NULL) -- it's "last"`),
      script(
        'implicit',
        'CREATE TABLE x (id int PRIMARY KEY, y int NOT NULL); CREATE TABLE y (id int PRIMARY KEY, x int NOT NULL REFERENCES x); ALTER TABLE x ADD FOREIGN KEY (y) REFERENCES y',
      ),
      script('implicit', 'CREATE INDEX CONCURRENTLY named ON "Users" (name)'),
      script('autocommit', 'COPY "Users" (name) FROM stdin;\nseed; \\N\n\\.\n'),
    ];
    await using source = await cluster.create();
    for (const one of before) expect(await source.execute(one, LIMITS)).toMatchObject({ status: 'completed' });
    const dataset = {
      tables: [
        { table: 'public."Users"', columns: ['id', 'name'], rows: [['5', "o'\\Neil :name"]] },
        { table: 'public.x', columns: ['id', 'y'], rows: [['1', '1']] },
        { table: 'public.y', columns: ['id', 'x'], rows: [['1', '1']] },
      ],
    };
    const repro = postgresDialect.renderRepro({
      title: "It's a\nfailure",
      before,
      dataset,
      model: await source.introspect(),
      steps: [
        {
          caption: "up: it's 1",
          script: script('autocommit', `INSERT INTO "Users" (name) VALUES ('kept'); SELECT 1/0; DELETE FROM "Users";`),
        },
        { caption: 'down', script: script('wrapped', `DELETE FROM "Users"; SELECT nonsense;`) },
        { caption: 'again', script: script('implicit', `DELETE FROM x WHERE id = 2; ALTER TABLE "Users" ADD z int;`) },
      ],
      checks: [{ caption: 'users, expected 3', sql: 'SELECT id, name, z FROM "Users" ORDER BY id' }],
    });
    await using target = await cluster.create();
    const { code, output, errors } = await psql(target.address, repro);
    expect({ code, errors }).toMatchObject({ code: 0 });
    expect(errors.match(/ERROR: .*/g)).toEqual([
      'ERROR:  division by zero',
      'ERROR:  column "nonsense" does not exist',
    ]);
    expect(output).toContain("== up: it's 1");
    expect(output).toContain("== users, expected 3\n1|seed; N|NULL\n5|o'\\Neil :name|NULL\n6|kept|NULL\n");
  });

  it('should make the roles that scripts name, and stop where the schema cannot be built', async () => {
    const role = `palindrome_${server.runId}_repro`;
    const input = {
      title: 't',
      dataset: { tables: [] },
      model: { dialect: 'postgres' as const, tables: [] },
      checks: [],
    };
    const before = [script('wrapped', `CREATE TABLE a (b int); GRANT SELECT ON a TO ${role}`)];
    await postgresDialect.requirements(before);
    const good = postgresDialect.renderRepro({ ...input, before, steps: [] });
    await using target = await cluster.create();
    expect(await psql(target.address, good)).toMatchObject({ code: 0, errors: '' });
    await target.run(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    const bad = postgresDialect.renderRepro({ ...input, before: [script('wrapped', 'SELECT 1/0')], steps: [] });
    expect((await psql(target.address, bad)).code).not.toBe(0);
  });
});
