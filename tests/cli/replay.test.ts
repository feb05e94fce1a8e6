import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Report } from '../../harness/core/report.ts';
import { BAD_SET, FAST, makeFolder, normalise, runCli, writeFiles } from './run-cli.ts';

/** Verifies the bad set in a folder and returns the id of the counterexample of its lost data. */
async function falsify(folder: string): Promise<string> {
  const { out } = await runCli(
    ['verify', 'migrations', ...FAST, '--property', 'rollback-restores', '--report', 'json'],
    folder,
  );
  const results = (JSON.parse(out) as Report).sets[0]!.migrations.flatMap((migration) => migration.results);
  return results.find(({ verdict }) => verdict === 'falsified')!.counterexample!.id;
}

test('should fail again, tell what happens, and exit with 1', async () => {
  await using folder = await makeFolder(BAD_SET);
  const id = await falsify(folder.path);
  const byPrefix = await runCli(['replay', id.slice(0, 4)], folder.path);
  expect({ code: byPrefix.code, err: byPrefix.err }).toEqual({ code: 1, err: '' });
  await expect(normalise(byPrefix.out)).toMatchFileSnapshot(
    path.join(import.meta.dirname, 'goldens', 'replay-still-fails.txt'),
  );
  const byFile = await runCli(['replay', `.palindrome/counterexamples/${id}.json`], folder.path);
  expect(byFile.code).toBe(1);
});

test('should be fixed once the down brings the values back, and exit with 0', async () => {
  await using folder = await makeFolder(BAD_SET);
  const id = await falsify(folder.path);
  await writeFiles(folder.path, {
    'migrations/0003_drop_nick.up.sql': 'ALTER TABLE users RENAME COLUMN nick TO old_nick;\n',
    'migrations/0003_drop_nick.down.sql': 'ALTER TABLE users RENAME COLUMN old_nick TO nick;\n',
  });
  const { code, out } = await runCli(['replay', id], folder.path);
  expect(out).toContain('✓ fixed');
  expect(out).toContain('migrations/0003_drop_nick.up.sql');
  expect(code).toBe(0);
});

test('should be stale once the schema no longer takes the rows, keep the file, and exit with 4', async () => {
  await using folder = await makeFolder(BAD_SET);
  const id = await falsify(folder.path);
  await writeFiles(folder.path, {
    'migrations/0001_users.up.sql':
      "CREATE TABLE users (id INTEGER PRIMARY KEY, nick TEXT CHECK (nick LIKE '%@%'), email TEXT);\n",
  });
  const { code, out } = await runCli(['replay', id], folder.path);
  expect(out).toContain('? stale');
  expect(code).toBe(4);
  expect(await readdir(path.join(folder.path, '.palindrome/counterexamples'))).toContain(`${id}.json`);
});

test('should refuse an id that is not stored and a file that is none', async () => {
  await using folder = await makeFolder({ 'not-one.json': '{}' });
  for (const given of ['zzzzzzzzzz', 'not-one.json', 'absent.json']) {
    const { code, out, err } = await runCli(['replay', given], folder.path);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^error: /u);
  }
});

test('should find counterexamples in a folder given with --store', async () => {
  await using folder = await makeFolder(BAD_SET);
  await runCli(['verify', 'migrations', ...FAST, '--store', 'kept'], folder.path);
  const [file = ''] = await readdir(path.join(folder.path, 'kept/counterexamples'));
  expect(await readFile(path.join(folder.path, 'kept/counterexamples', file), 'utf8')).toContain(
    'palindrome-counterexample/1',
  );
  expect((await runCli(['replay', file.split('.')[0]!, '--store', 'kept'], folder.path)).code).toBe(1);
});
