import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { GOOD_SET, makeFolder, runCli } from './run-cli.ts';

const golden = (name: string) => path.join(import.meta.dirname, 'goldens', name);

test('should show order, checksums, downs, declarations and notes without a database', async () => {
  await using folder = await makeFolder({
    ...GOOD_SET,
    'migrations/0004_gap.up.sql':
      '-- palindrome: lossy users.nick because it is not read\nALTER TABLE users DROP COLUMN nick;\n',
    'migrations/0005_no_down.up.sql': 'CREATE TABLE t (id INTEGER PRIMARY KEY);\n',
    'palindrome.config.json': JSON.stringify({
      dialect: 'sqlite',
      declare: { '0005': { irreversible: { reason: 'there is no way back' } } },
      ignore: [{ migrations: '0001*', reason: 'never rolled back' }],
      invariants: [{ id: 'i', sql: 'SELECT 1 WHERE 0' }],
    }),
  });
  const { code, out, err } = await runCli(['status', 'migrations'], folder.path);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  await expect(out).toMatchFileSnapshot(golden('status.txt'));
});

test('should write a configuration that verify then runs with, and never overwrite one', async () => {
  await using folder = await makeFolder({
    ...GOOD_SET,
    'migrations/0003_it\'s "x".up.sql': 'CREATE TABLE t (id INTEGER PRIMARY KEY);\n',
    'migrations/0003_it\'s "x".down.sql': 'DROP TABLE t;\n',
  });
  const first = await runCli(['init', '--dialect', 'sqlite'], folder.path);
  expect({ code: first.code, err: first.err }).toEqual({ code: 0, err: '' });
  expect(first.out).toContain('migrations: golang-migrate layout, sqlite, 3 migrations, 3 with a down');
  expect(first.out).toContain('Next: palindrome verify');
  const file = path.join(folder.path, 'palindrome.config.ts');
  const written = await readFile(file, 'utf8');
  await expect(written).toMatchFileSnapshot(golden('init-config.txt'));
  expect((await runCli(['verify', '--cases', '8', '--seed', '1'], folder.path)).code).toBe(0);
  const second = await runCli(['init'], folder.path);
  expect(second.code).toBe(2);
  expect(second.err).toContain('There is a palindrome.config.ts here already');
  expect(await readFile(file, 'utf8')).toBe(written);
});

test('should write nothing where there is nothing to find', async () => {
  await using folder = await makeFolder();
  expect((await runCli(['init'], folder.path)).code).toBe(2);
  await expect(stat(path.join(folder.path, 'palindrome.config.ts'))).rejects.toThrow('ENOENT');
});

test('should name what works here and exit with 0, or with 3 where nothing that was asked for does', async () => {
  await using folder = await makeFolder();
  const works = await runCli(['doctor'], folder.path);
  expect(works.code).toBe(0);
  expect(works.out).toMatch(/✓ embedded +PostgreSQL \d+/u);
  expect(works.out).toMatch(/✓ sqlite +SQLite 3\./u);
  const url = 'postgres://u:hunter2@127.0.0.1:1/x';
  const none = await runCli(['doctor', '--provider', 'server', '--server-url', url], folder.path);
  expect(none.code).toBe(3);
  expect(none.out).toMatch(/✗ server/u);
  expect(none.out + none.err).not.toContain('hunter2');
});
