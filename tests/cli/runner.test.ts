/** What `up`, `down`, `status` and `restore` print, as a person sees it. */
import path from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder, runCli, writeFiles } from './run-cli.ts';

const golden = (name: string) => path.join(import.meta.dirname, 'goldens', name);

/** Times, durations and stamps, the same on every machine. */
function normalise(text: string, folder: string): string {
  return text
    .replaceAll(folder, 'FOLDER')
    .replaceAll(/\d{8}T\d{9}Z/g, 'STAMP')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/\d+ ms/g, 'N ms')
    .replaceAll(/SQLite \d+\.\d+\.\d+/g, 'SQLite VERSION')
    .replaceAll(/SHA-256 [0-9a-f]{10}\b/g, 'SHA-256 SUM');
}

it('should read as a story from the first up to a restore', async () => {
  await using folder = await makeFolder({
    'm/0001_users.sql': 'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);\n',
    'm/0001_users_down.sql': 'DROP TABLE users;\n',
    'm/0002_lots.sql': 'CREATE TABLE lots (id INTEGER PRIMARY KEY);\n',
  });
  const story: string[] = [];
  const tell = async (...args: string[]) => {
    const { code, out, err } = await runCli(args, folder.path);
    story.push(
      `$ palindrome ${args.join(' ')}\n${normalise(out, folder.path)}${normalise(err, folder.path)}[exit ${code}]\n`,
    );
  };
  await tell('up', 'm');
  await tell('up', 'm', '--database', 'data.db');
  await tell('up', 'm', '--database', 'data.db', '--create', '--dry-run');
  await tell('up', 'm', '--database', 'data.db', '--create', '--to', '0001');
  await tell('status', 'm', '--database', 'data.db');
  await tell('up', 'm', '--database', 'data.db');
  await tell('up', 'm', '--database', 'data.db');
  await tell('down', 'm', '--database', 'data.db');
  await tell('down', 'm', '--database', 'data.db', '--infer-drop', '--dry-run');
  await tell('down', 'm', '--database', 'data.db', '--infer-drop', '--no-backup');
  await writeFiles(folder.path, {
    'm/0001_users.sql': 'CREATE TABLE users (id INTEGER PRIMARY KEY);\n',
    'm/0002_lots.sql': 'CREATE TABLE lots (id INTEGER PRIMARY KEY);\nINSERT INTO nowhere VALUES (1);\n',
  });
  await tell('up', 'm', '--database', 'data.db');
  await tell('status', 'm', '--database', 'data.db');
  await tell('up', 'm', '--database', 'data.db', '--accept-changed', '0001');
  await tell('up', 'm', '--database', 'data.db');
  await tell('restore', '--database', 'data.db', '--dry-run');
  await tell('restore', '--database', 'data.db');
  await tell('status', 'm', '--database', 'data.db');
  await expect(story.join('\n')).toMatchFileSnapshot(golden('runner-story.txt'));
}, 120_000);

it.each<[string, readonly string[], Readonly<Record<string, string>>, string]>([
  [
    'a database that was not named',
    ['up', 'm'],
    { DATABASE_URL: 'postgres://h/x' },
    'DATABASE_URL is set, but a database that was not given by name is not touched.',
  ],
  [
    'a database beyond this machine',
    ['up', 'm', '--database', 'mysql://h/x'],
    {},
    'A database cannot be given as mysql:.',
  ],
  ['memory', ['up', 'm', '--database', ':memory:'], {}, 'is not the path of a database file'],
  [
    'a file that is no database',
    ['up', 'm', '--database', 'm/1_a.up.sql'],
    {},
    'm/1_a.up.sql is not a SQLite database.',
  ],
  [
    'two ways to say how far back',
    ['down', 'm', '--database', 'x.db', '--steps', '1', '--to', '1'],
    {},
    '--steps and --to both say how far to go back.',
  ],
  [
    'scripts of another dialect',
    ['up', 'm', '--dialect', 'postgres', '--database', 'm/1_a.up.sql'],
    {},
    'is written for postgres, and the database is sqlite',
  ],
  [
    'a restore of PostgreSQL',
    ['restore', '--database', 'postgres://127.0.0.1/x'],
    {},
    'Backups are made of SQLite databases only.',
  ],
])('should refuse %s', async (_what, args, env, expected) => {
  await using folder = await makeFolder({ 'm/1_a.up.sql': 'CREATE TABLE a (id INTEGER);\n' });
  const { code, out, err } = await runCli(args, folder.path, env);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err.replaceAll(/\n +/g, ' ')).toContain(expected);
});

it('should take the database from PALINDROME_DATABASE', async () => {
  await using folder = await makeFolder({ 'm/1_a.up.sql': 'CREATE TABLE a (id INTEGER);\n' });
  const { code, out } = await runCli(['up', 'm', '--create'], folder.path, { PALINDROME_DATABASE: 'data.db' });
  expect({ code, out: out.split('\n').at(-2) }).toEqual({ code: 0, out: '1 migration done' });
});
