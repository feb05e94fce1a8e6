import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { foldersLeasedBy, leftBehind, MARK } from '../kills/left-behind.ts';
import { GOOD_SET, makeFolder, startCli, writeFiles } from './run-cli.ts';
import { runHere } from './run-here.ts';

const LONGEST_MS = 120_000;
const temporary = mkdtempSync(path.join(os.tmpdir(), 'palindrome-watch-'));
const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(temporary, { recursive: true, force: true });
});

/** A watch over a folder, with what it said so far. */
function startWatch(folder: string, args: readonly string[]) {
  const mark = path.basename(folder);
  const { child, finished } = startCli(['verify', 'migrations', '--watch', '--seed', '7', ...args], folder, {
    [MARK]: mark,
    TMPDIR: temporary,
  });
  running.add(child);
  void finished.then(() => running.delete(child));
  let said = '';
  let printed = '';
  child.stderr?.on('data', (text: string) => (said += text));
  child.stdout?.on('data', (text: string) => (printed += text));
  let seen = { said: 0, printed: 0 };
  return {
    /** What was said and printed since the last call, up to the end of a round. */
    async round(number: number): Promise<{ said: string; printed: string }> {
      const end = performance.now() + LONGEST_MS;
      while (!said.includes(`round ${number} ended`)) {
        if (performance.now() > end || child.exitCode !== null)
          throw new Error(`no end of round ${number} in:\n${said}`);
        await sleep(20);
      }
      const since = { said: said.slice(seen.said), printed: printed.slice(seen.printed) };
      seen = { said: said.length, printed: printed.length };
      return since;
    },
    /** Ctrl-C; the exit code, and what is left. */
    async stop(): Promise<{ code: number | null; left: readonly string[] }> {
      const pid = child.pid ?? 0;
      const folders = new Set(foldersLeasedBy(pid));
      child.kill('SIGINT');
      const { code } = await finished;
      return { code, left: leftBehind({ mark, pid, temporary, folders, hasContainers: false }) };
    },
  };
}

it('should judge what was saved first, keep the verdicts of the rest, and leave nothing when it is stopped', async () => {
  await using folder = await makeFolder(GOOD_SET);
  const save = (files: Record<string, string>) => writeFiles(folder.path, files);
  const watch = startWatch(folder.path, ['--dialect', 'sqlite', '--cases', '20']);
  const first = await watch.round(1);
  expect(first.said).not.toContain('first look');
  expect(first.printed).toContain('held');

  await save({ 'migrations/0002_email_index.down.sql': 'DROP TABLE users;\n' });
  const second = await watch.round(2);
  expect(second.said).toMatch(
    /^round 2: 1 migration changed\nfirst look, [\d.]+ m?s after the save:\n.*0002_email_index /u,
  );
  expect(second.said).toContain('rollback-restores/');
  expect(second.printed).toContain('the verdicts of 1 of 2 migrations');
  expect(second.printed).toMatch(/palindrome replay [0-9a-z]{10}/u);

  await save({ 'migrations/0002_email_index.up.sql': 'CREATE INDX users_email ON users (email);\n' });
  const broken = await watch.round(3);
  expect(broken.said).toContain('0002_email_index.up.sql:1:1');

  await save(GOOD_SET);
  const mended = await watch.round(4);
  expect(mended.said).toContain('0002_email_index: nothing falsified by 10 cases');
  expect(mended.printed).not.toContain('palindrome replay');

  // The same text again is nothing new: the next round is that of a new file.
  await save(GOOD_SET);
  await sleep(300);
  await save({
    'migrations/0003_more.up.sql': 'CREATE TABLE more (id INTEGER PRIMARY KEY, x TEXT);\n',
    'migrations/0003_more.down.sql': 'DROP TABLE more;\n',
  });
  const more = await watch.round(5);
  expect(more.said).toContain('0003_more');
  expect(await watch.stop()).toEqual({ code: 130, left: [] });
});

it('should build the states after a changed early migration anew, on a server that stays', async () => {
  await using folder = await makeFolder({
    'migrations/0001_users.up.sql': 'CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL);\n',
    'migrations/0001_users.down.sql': 'DROP TABLE users;\n',
    'migrations/0002_index.up.sql': 'CREATE INDEX users_email ON users (email);\n',
    'migrations/0002_index.down.sql': 'DROP INDEX users_email;\n',
  });
  const watch = startWatch(folder.path, [
    '--dialect',
    'postgres',
    '--provider',
    'embedded',
    '--cases',
    '8',
    '--property',
    'rollback-restores,applies',
  ]);
  await watch.round(1);
  await writeFiles(folder.path, {
    'migrations/0001_users.up.sql': 'CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL, nick text);\n',
    'migrations/0002_index.up.sql': 'ALTER TABLE users DROP COLUMN nick;\n',
    'migrations/0002_index.down.sql': 'ALTER TABLE users ADD COLUMN nick text;\n',
  });
  const second = await watch.round(2);
  expect(second.said).toContain('round 2: 2 migrations changed');
  expect(second.said).toContain('users.nick is NULL');
  expect(second.printed).not.toContain('earlier round');
  expect(await watch.stop()).toEqual({ code: 130, left: [] });
});

it('should refuse flags that are about one run, and input that is wrong from the start', async () => {
  await using folder = await makeFolder(GOOD_SET);
  const refused = await runHere(['verify', 'migrations', '--watch', '--keep'], folder.path);
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.err).toContain('--watch has no single run for --keep');
  const missing = await runHere(['verify', 'nowhere', '--watch', '--dialect', 'sqlite'], folder.path);
  expect(missing.code).toBe(2);
});
