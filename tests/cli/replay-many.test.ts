import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { BAD_SET, FAST, makeFolder, writeFiles } from './run-cli.ts';
import { runHere } from './run-here.ts';

const ROOT = path.join(import.meta.dirname, '..', '..');
const CASES = '.palindrome/counterexamples';

/** Two sets with a failure each; returns the ids by set. */
async function falsifyBoth(folder: string): Promise<Readonly<Record<string, string>>> {
  await cp(path.join(folder, 'migrations'), path.join(folder, 'others'), { recursive: true });
  const asked = [...FAST, '--property', 'rollback-restores'];
  await runHere(['verify', 'migrations', 'others', ...asked], folder);
  const examples = await readExamples(path.join(folder, CASES));
  return Object.fromEntries(examples.map(({ id, set }) => [set.path, id]));
}

async function readExamples(folder: string): Promise<readonly { id: string; set: { path: string } }[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(path.join(folder, name), 'utf8'))));
}

const FIXED_DOWN = {
  'others/0003_drop_nick.up.sql': 'ALTER TABLE users RENAME COLUMN nick TO old_nick;\n',
  'others/0003_drop_nick.down.sql': 'ALTER TABLE users RENAME COLUMN old_nick TO nick;\n',
};

test('should replay everything, tell each outcome in a table, and exit by the gravest', async () => {
  await using folder = await makeFolder(BAD_SET);
  const nothing = await runHere(['replay', '--all'], folder.path);
  expect(nothing).toMatchObject({ code: 4, out: 'exit 4: there is nothing to replay\n' });
  const { migrations = '', others = '' } = await falsifyBoth(folder.path);
  await writeFiles(folder.path, FIXED_DOWN);
  const mixed = await runHere(['replay', '--all'], folder.path);
  expect({ code: mixed.code, err: mixed.err }).toEqual({ code: 1, err: '' });
  expect(mixed.out).toMatch(new RegExp(`✗ still fails  ${migrations}  0003_drop_nick  rollback-restores/data`, 'u'));
  expect(mixed.out).toMatch(new RegExp(`✓ fixed        ${others}  0003_drop_nick`, 'u'));
  expect(mixed.out).toContain('2 cases replayed: 1 still fails, 1 fixed, 0 stale, 0 in error\nexit 1:');

  await writeFile(path.join(folder.path, CASES, `${others}.json`), '{"format": "palindrome-counterexample/1", "id"');
  const broken = await runHere(['replay', '--all'], folder.path);
  expect(broken.code).toBe(3);
  expect(broken.out).toContain('it may be truncated');
  await rm(path.join(folder.path, CASES, `${others}.json`));
  // Rows that somebody changed by hand are not what failed then: told, and not passed over.
  const file = path.join(folder.path, CASES, `${migrations}.json`);
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('"clause": "data"', '"clause": "schema"'));
  const edited = await runHere(['replay', '--all'], folder.path);
  expect(edited.code).toBe(3);
  expect(edited.out).toMatch(new RegExp(`its id\\s+${migrations} no longer belongs`, 'u'));
  await writeFile(file, text);
  await rm(path.join(folder.path, 'migrations'), { recursive: true });
  const gone = await runHere(['replay', '--all'], folder.path);
  expect(gone.code).toBe(3);
  expect(gone.out).toContain('There is no folder migrations.');
});

test('should bring rows to a schema that changed, say so, and never call them fixed where some were left out', async () => {
  await using folder = await makeFolder(BAD_SET);
  await falsifyBoth(folder.path);
  const before = (columns: string) => ({
    'migrations/0001_users.up.sql': `CREATE TABLE users (id INTEGER PRIMARY KEY, ${columns});\n`,
  });
  await writeFiles(folder.path, before('email TEXT NOT NULL, nick TEXT, joined TEXT, must TEXT NOT NULL'));
  const added = await runHere(['replay', '--all'], folder.path);
  expect(added.out.replaceAll(/\s+/gu, ' ')).toContain(
    'users.must: new and required, filled with values that are legal',
  );
  expect(added).toMatchObject({ code: 1, err: '' });
  expect(added.out).toContain('2 still fail, 0 fixed');

  // Without the column that the failure is about, nothing fails; what is left of the rows proves nothing.
  await writeFiles(folder.path, {
    ...before('email TEXT NOT NULL'),
    'migrations/0003_drop_nick.up.sql': 'ALTER TABLE users RENAME TO people;\n',
    'migrations/0003_drop_nick.down.sql': 'ALTER TABLE people RENAME TO users;\n',
    ...FIXED_DOWN,
  });
  const gone = await runHere(['replay', '--all'], folder.path);
  expect(gone.out).toContain('users.nick: gone, left out');
  expect(gone.out).toContain('0 still fail, 1 fixed, 1 stale');
  expect(gone.code).toBe(4);
});

test('should replay what an unpacked artefact holds, wherever in it the store lies', async () => {
  await using folder = await makeFolder(BAD_SET);
  const { migrations = '' } = await falsifyBoth(folder.path);
  await mkdir(path.join(folder.path, 'artefact/shard-1'), { recursive: true });
  await cp(path.join(folder.path, '.palindrome'), path.join(folder.path, 'artefact/shard-2/kept'), { recursive: true });
  await rename(path.join(folder.path, '.palindrome'), path.join(folder.path, 'artefact/shard-1/.palindrome'));
  await writeFile(path.join(folder.path, 'artefact/report.json'), '{"format": "palindrome-report/1"}');
  const all = await runHere(['replay', '--from', 'artefact'], folder.path);
  expect(all.out).toContain('2 cases replayed: 2 still fail');
  expect(all.code).toBe(1);
  const one = await runHere(['replay', migrations, '--from', 'artefact'], folder.path);
  expect(one.out).toContain('✗ still fails');
  expect(one.code).toBe(1);
  expect((await runHere(['replay', 'zzzz', '--from', 'artefact'], folder.path)).err).toContain(
    'nothing starts with it',
  );

  await writeFile(path.join(folder.path, 'artefact/shard-1/.palindrome/store.json'), '{"format":"palindrome-store/2"}');
  const newer = await runHere(['replay', '--from', 'artefact'], folder.path);
  expect(newer).toMatchObject({ code: 2, out: '' });
  expect(newer.err).toContain('palindrome-store/2');
  await writeFile(path.join(folder.path, 'artefact.zip'), 'PK');
  const zipped = await runHere(['replay', '--from', 'artefact.zip'], folder.path);
  expect(zipped.code).toBe(2);
  expect(zipped.err).toContain('unzip artefact.zip');
});

test.each<[string, readonly string[], string]>([
  ['nothing to replay', ['replay'], 'Nothing was named to replay.'],
  ['one and all', ['replay', 'abc', '--all'], 'One counterexample was named'],
  ['one database of many', ['replay', '--all', '--keep'], '--keep leaves one database up.'],
  ['a folder for nothing', ['replay', '--all', '--out', 'x'], '--out says where promoted failures go.'],
])('should refuse %s', async (_what, args, said) => {
  await using folder = await makeFolder();
  const { code, out, err } = await runHere(args, folder.path);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(said);
});

/** Runs the test files of a folder in a Vitest of its own, with the package as its users have it. */
async function runVitest(folder: string): Promise<{ readonly passed: number; readonly failed: readonly string[] }> {
  const entry = path.join(ROOT, 'harness/cli/vitest-suite.ts');
  await writeFile(
    path.join(folder, 'vitest.config.mjs'),
    `export default { resolve: { alias: { 'palindrome/vitest': ${JSON.stringify(entry)} } } };\n`,
  );
  const out = path.join(folder, 'results.json');
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(
    process.execPath,
    [
      path.join(ROOT, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--root',
      folder,
      '--reporter=json',
      `--outputFile=${out}`,
    ],
    { cwd: folder, env: { PATH, HOME, NODE_PATH: path.join(ROOT, 'node_modules') }, stdio: 'ignore' },
  );
  await new Promise((resolve) => child.once('close', resolve));
  const { testResults } = JSON.parse(await readFile(out, 'utf8')) as {
    testResults: readonly { assertionResults: readonly { status: string; failureMessages: readonly string[] }[] }[];
  };
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    passed: all.filter(({ status }) => status === 'passed').length,
    failed: all.filter(({ status }) => status === 'failed').flatMap(({ failureMessages }) => failureMessages),
  };
}

test('should make a test of a failure that fails until it is fixed, and when the migration is gone', async () => {
  await using folder = await makeFolder(BAD_SET);
  const { migrations = '', others = '' } = await falsifyBoth(folder.path);
  const promoted = await runHere(['replay', migrations, '--promote', '--out', 'regressions/db'], folder.path);
  const name = `regressions/db/0003_drop_nick.rollback-restores.${migrations}`;
  expect(promoted.out).toContain(`wrote ${name}.sql\nwrote ${name}.test.ts`);
  expect(promoted.code).toBe(1);
  const text = await readFile(path.join(folder.path, `${name}.test.ts`), 'utf8');
  expect(text).toContain("import { regression } from 'palindrome/vitest';");
  expect(text).toContain("table: 'users'");
  expect(await readFile(path.join(folder.path, `${name}.sql`), 'utf8')).toContain('INSERT INTO users');
  // Neither the store nor a generator is needed any more.
  await rm(path.join(folder.path, '.palindrome'), { recursive: true });
  const failing = await runVitest(folder.path);
  expect(failing.passed).toBe(0);
  expect(failing.failed.join('\n')).toContain('users.nick is NULL');

  await writeFiles(folder.path, {
    'migrations/0003_drop_nick.up.sql': FIXED_DOWN['others/0003_drop_nick.up.sql'],
    'migrations/0003_drop_nick.down.sql': FIXED_DOWN['others/0003_drop_nick.down.sql'],
  });
  expect(await runVitest(folder.path)).toEqual({ passed: 1, failed: [] });
  await rm(path.join(folder.path, 'migrations/0003_drop_nick.up.sql'));
  await rm(path.join(folder.path, 'migrations/0003_drop_nick.down.sql'));
  expect((await runVitest(folder.path)).failed.join('\n')).toContain('the set no longer has 0003_drop_nick');
  expect(others).not.toBe('');
});

test('should leave a promoted file that is there as it is, and promote nothing that proves nothing', async () => {
  await using folder = await makeFolder(BAD_SET);
  const { migrations = '', others = '' } = await falsifyBoth(folder.path);
  await runHere(['replay', migrations, '--promote'], folder.path);
  const file = `tests/migrations/0003_drop_nick.rollback-restores.${migrations}.test.ts`;
  await writeFile(path.join(folder.path, file), '// mine now\n');
  await rm(path.join(folder.path, 'others/0003_drop_nick.up.sql'));
  await rm(path.join(folder.path, 'others/0003_drop_nick.down.sql'));
  const again = await runHere(['replay', '--all', '--promote'], folder.path);
  expect(again.out).toContain(`${file} was there already, and is as it was`);
  expect(again.out).toContain(`${others} was not promoted: it is stale`);
  expect(await readFile(path.join(folder.path, file), 'utf8')).toBe('// mine now\n');
});
