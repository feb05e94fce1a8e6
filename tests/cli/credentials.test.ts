/** A password in a URL or in the environment is in nothing that comes out: streams, reports, stores, scripts, certificates, queues, errors. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ask, type SharedServer, startSharedServer } from '../store/places.ts';
import { makeFolder, type Finished } from './run-cli.ts';
import { runHere } from './run-here.ts';

const IN_URL = 's3cr3t';
const IN_ENVIRONMENT = 'pg-passw0rd';
const SET = {
  'm/0001_users.up.sql':
    'CREATE TABLE users (id bigserial PRIMARY KEY, email text NOT NULL, nick text, at timestamptz);\n',
  'm/0001_users.down.sql': 'DROP TABLE users;\n',
  'm/0002_nick.up.sql': 'ALTER TABLE users DROP COLUMN nick;\n',
  'm/0002_nick.down.sql': 'ALTER TABLE users ADD COLUMN nick text;\n',
};
const FORMATS = ['json', 'junit', 'sarif', 'github', 'markdown', 'html', 'terminal'];
const FAST = ['--seed', '7', '--workers', '1', '--property', 'rollback-restores'];

let server: SharedServer;
beforeAll(async () => {
  server = await startSharedServer();
}, 120_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await server[Symbol.asyncDispose]();
});

it('should stand in no stream, report, store, script, certificate, queue or error', async () => {
  vi.stubEnv('PGPASSWORD', IN_ENVIRONMENT);
  await using folder = await makeFolder(SET);
  const [url, store, queue, live] = await Promise.all([1, 2, 3, 4].map(() => server.makeDatabase()));
  const said: [string, Finished][] = [];
  const environment = { PALINDROME_SERVER_URL: url!, PGPASSWORD: IN_ENVIRONMENT };
  const run = async (
    args: readonly string[],
    env: Readonly<Record<string, string>> = environment,
  ): Promise<Finished> => {
    const finished = await runHere(args, folder.path, env);
    said.push([args.join(' ').replaceAll(IN_URL, '…'), finished]);
    return finished;
  };
  const reports = FORMATS.flatMap((format) => ['--report', `${format}=out/report.${format}`]);

  expect(
    await run(['verify', 'm', '--provider', 'server', '--cases', '4', '--keep', ...FAST, ...reports]),
  ).toMatchObject({ code: 1 });
  const [id = ''] = (await readdir(path.join(folder.path, '.palindrome/counterexamples'))).filter((name) =>
    /^\w+\.json$/u.test(name),
  );
  expect((await run(['replay', id.replace('.json', ''), '--provider', 'server'])).code).toBe(1);
  expect((await run(['replay', '--all', '--promote', '--provider', 'server'])).code).toBe(1);
  const shared = { ...environment, PALINDROME_STORE: store! };
  const fuzzed = await run(
    ['fuzz', 'm', '--provider', 'server', '--cases', '20', '--only', '0002*', ...FAST, '--report', 'terminal'],
    shared,
  );
  expect(fuzzed.code).toBe(1);
  expect((await run(['prune', '--provider', 'server'], shared)).code).toBe(0);
  expect((await run(['certify', 'm', '--provider', 'server', '--cases', '4', ...FAST])).code).toBe(1);
  expect((await run(['certify', '--check', 'palindrome-certificate.json'])).code).toBe(1);

  const worker = run(['worker', '--queue', queue!, '--campaign', 'none', '--drain'], environment);
  expect((await worker).code).toBe(0);
  const [submitted] = await Promise.all([
    run(['fuzz', 'm', '--queue', queue!, '--cases-each', '4', ...FAST, '--report', 'json'], environment),
    (async () => {
      while (Number((await ask(queue!, QUEUED).catch(() => []))[0]?.['n'] ?? 0) === 0)
        await new Promise((go) => setTimeout(go, 50));
      rows.push(...(await dump(queue!)));
      await run(['worker', '--queue', queue!, '--provider', 'server', '--drain']);
    })(),
  ]);
  expect(submitted.code).toBe(1);

  // What goes wrong, on purpose.
  const elsewhere = url!.replace(/\/[^/?]+\?/u, '/nowhere?');
  expect(elsewhere).not.toBe(url);
  const wrong = `postgres://someone:${IN_URL}@127.0.0.1:1/x`;
  for (const [args, env] of [
    [['verify', 'm', '--provider', 'server', '--server-url', elsewhere], {}],
    [['verify', 'm', '--provider', 'server', '--server-url', wrong], {}],
    [['verify', 'm', '--provider', 'server', '--server-url', `mysql://u:${IN_URL}@h/d`], {}],
    [['verify', 'm', '--provider', 'server', '--server-url', `postgres://u:${IN_URL}@db.example.org/d`], {}],
    [['verify', 'm', '--store', wrong, '--dialect', 'postgres'], {}],
    [['verify', 'm', '--store', `postgres://u:${IN_URL}@[::bad/d`, '--dialect', 'postgres'], {}],
    [['verify', 'm', '--provider', 'server', '--dataset', wrong], environment],
    [['worker', '--queue', wrong, '--drain'], {}],
    [['worker', '--queue', `http://u:${IN_URL}@h/d`, '--drain'], {}],
    [['up', 'm', '--database', wrong], {}],
  ] as const)
    expect((await run(args, env)).code, args.join(' ')).toBeGreaterThanOrEqual(2);
  expect((await run(['up', 'm', '--database', live!])).code).toBe(0);
  await run(['status', 'm', '--database', live!]);
  await run(['anonymise', 'm', '--provider', 'server', '--dataset', live!]);
  await run(['doctor', '--server-url', url!]);

  for (const [args, { out, err }] of said) expect(secretsIn(`${out}\n${err}`), args).toEqual([]);
  const files = await filesBelow(folder.path);
  for (const format of FORMATS) expect(files.map(({ name }) => name)).toContain(`out/report.${format}`);
  for (const kind of [
    /\.repro\.sql$/u,
    /\.test\.ts$/u,
    /certificate\.json$/u,
    /history\.jsonl$/u,
    /certificate\.html$/u,
  ])
    expect(
      files.some(({ name }) => kind.test(name)),
      String(kind),
    ).toBe(true);
  for (const { name, text } of files) expect(secretsIn(text), name).toEqual([]);
  rows.push(...(await dump(store!)), ...(await dump(queue!)), ...(await dump(live!)));
  expect(rows.join('\n')).toContain('palindrome-queue/1');
  expect(rows.join('\n')).toContain('palindrome-counterexample/1');
  expect(secretsIn(rows.join('\n'))).toEqual([]);
  expect(secretsIn(`x ${url} y`)).toEqual([IN_URL]);
}, 400_000);

const rows: string[] = [];
const QUEUED = `SELECT count(*)::int AS n FROM palindrome_queue.campaigns WHERE is_ready`;

function secretsIn(text: string): readonly string[] {
  return [IN_URL, IN_ENVIRONMENT].filter((secret) => text.includes(secret));
}

async function filesBelow(folder: string): Promise<readonly { readonly name: string; readonly text: string }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const file = path.join(entry.parentPath, entry.name);
        return { name: path.relative(folder, file), text: await readFile(file, 'utf8') };
      }),
  );
}

/** Every row of every table of a database, as text. */
async function dump(url: string): Promise<readonly string[]> {
  const tables = await ask(
    url,
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const found: string[] = [];
  for (const { name } of tables)
    for (const row of await ask(url, `SELECT t::text AS row FROM ${String(name)} t`)) found.push(String(row['row']));
  return found;
}
