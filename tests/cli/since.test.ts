import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Report } from '../../harness/core/report.ts';
import { BAD_SET, FAST, makeFolder, writeFiles } from './run-cli.ts';
import { runHere } from './run-here.ts';

const run = promisify(execFile);

async function git(folder: string, ...args: readonly string[]): Promise<void> {
  await run('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args]);
}

/** A repository with a set in it, and one commit. */
async function makeRepository(files: Readonly<Record<string, string>>) {
  const folder = await makeFolder(files);
  await git(folder.path, 'init', '-q', '-b', 'main');
  await git(folder.path, 'add', '-A');
  await git(folder.path, 'commit', '-q', '-m', 'one');
  return folder;
}

const ORDERS = {
  'migrations/0004_orders.up.sql': 'CREATE TABLE orders (id INTEGER PRIMARY KEY, total TEXT);\n',
  'migrations/0004_orders.down.sql': 'DROP TABLE orders;\n',
  'migrations/0005_orders_index.up.sql': 'CREATE INDEX orders_total ON orders (total);\n',
  'migrations/0005_orders_index.down.sql': 'DROP INDEX orders_total;\n',
};

/** The migrations that `--since` judged, the limits of the report, and the exit code. */
async function judgeSince(folder: string, ref: string, verb = 'verify') {
  const args = [verb, 'migrations', ...FAST, '--property', 'rollback-restores', '--since', ref, '--report', 'json'];
  const { code, out, err } = await runHere(args, folder);
  if (out === '') return { code, err, names: [], limits: '' };
  const { sets, limits } = JSON.parse(out) as Report;
  const names = sets.flatMap(({ migrations }) => migrations.map(({ name }) => name));
  return { code, err, names, limits: limits.join('\n') };
}

test('should judge what is new, what is not committed, and later migrations of the same tables, and name the rest', async () => {
  await using folder = await makeRepository({ ...BAD_SET, ...ORDERS });
  await git(folder.path, 'checkout', '-q', '-b', 'feature');
  await writeFiles(folder.path, {
    'migrations/0006_nickless.up.sql': 'CREATE TABLE other (id INTEGER PRIMARY KEY);\n',
    'migrations/0006_nickless.down.sql': 'DROP TABLE other;\n',
    'migrations/0004_orders.up.sql': 'CREATE TABLE orders (id INTEGER PRIMARY KEY, total TEXT NOT NULL);\n',
  });
  const { names, limits, code } = await judgeSince(folder.path, 'main');
  expect(names).toEqual(['0004_orders', '0005_orders_index', '0006_nickless']);
  expect(limits).toContain('only what was changed since main was judged (2 migrations)');
  expect(limits).toContain('left out: 0001_users, 0002_email_index, 0003_drop_nick.');
  // The fault of 0003 is not seen: it was not asked for.
  expect(code).not.toBe(1);
  expect((await judgeSince(folder.path, 'main', 'fuzz')).names).toEqual(names);
});

test('should count from where the branch left the ref, and judge nothing with exit code 4 where nothing was changed', async () => {
  await using folder = await makeRepository(BAD_SET);
  await git(folder.path, 'branch', 'feature');
  await writeFiles(folder.path, ORDERS);
  await git(folder.path, 'add', '-A');
  await git(folder.path, 'commit', '-q', '-m', 'main goes on');
  await git(folder.path, 'checkout', '-q', 'feature');
  const { code, names, limits } = await judgeSince(folder.path, 'main');
  expect({ code, names }).toEqual({ code: 4, names: [] });
  expect(limits).toContain('(0 migrations)');
});

test('should judge the whole set where its configuration was changed or a file is gone', async () => {
  await using folder = await makeRepository({ ...BAD_SET, 'palindrome.config.json': '{"cases": 5}' });
  await writeFiles(folder.path, { 'palindrome.config.json': '{"cases": 6}' });
  const { names, limits } = await judgeSince(folder.path, 'HEAD');
  expect(names).toHaveLength(3);
  expect(limits).toContain('palindrome.config.json was changed, so the whole set was judged.');
});

test('should say clearly what is wrong with the ref or the repository', async () => {
  await using folder = await makeRepository(BAD_SET);
  for (const ref of ['nowhere', '--output=x', 'main:migrations']) {
    const { code, err } = await judgeSince(folder.path, ref);
    expect(code).toBe(2);
    expect(err).toContain('error: git knows no ');
  }
  await using bare = await makeFolder(BAD_SET);
  await mkdir(path.join(bare.path, 'x'));
  const { code, err } = await judgeSince(bare.path, 'main');
  expect(code).toBe(2);
  expect(err).toContain('is in no git repository.');
});
