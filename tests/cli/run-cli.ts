/** Runs the command line as a person would: another process, its streams and its exit code. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '..', '..');
const COMMAND = [
  '--import',
  path.join(ROOT, 'node_modules/tsx/dist/esm/index.mjs'),
  path.join(ROOT, 'harness/cli/main.ts'),
];

export interface Finished {
  /** Null where a signal ended the process. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
}

/** An empty folder of one test, with files written into it. */
export async function makeFolder(
  files: Readonly<Record<string, string>> = {},
): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'palindrome-cli-'));
  await writeFiles(folder, files);
  return { path: folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
}

/** Starts the command line in a folder, with nothing of our environment that could change what it prints. */
export function startCli(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
  stdout: 'pipe' | number = 'pipe',
): Running {
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  const child = spawn(process.execPath, [...COMMAND, ...args], {
    cwd,
    env: { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }), ...env },
    stdio: ['ignore', stdout, 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
  return { child, finished };
}

/** Runs the command line to its end. */
export async function runCli(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  return await startCli(args, cwd, env).finished;
}

/** Durations and what follows from them, the same on every machine. */
export function normalise(text: string): string {
  return text
    .replaceAll(/ +[\d,]+ cases?, (?:[\d.]+ s|\d+ min \d+ s)$/gmu, '  CASES, TIME')
    .replaceAll(/· (?:[\d.]+ s|\d+ min \d+ s) ·/gu, '· TIME ·')
    .replaceAll(/(?<=replay |counterexamples\/)[0-9a-z]{10}/gu, 'ID')
    .replaceAll(/SQLite \d+\.\d+\.\d+/gu, 'SQLite VERSION');
}

/** A SQLite set of two migrations of which everything holds. */
export const GOOD_SET = {
  'migrations/0001_users.up.sql': `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL, nick TEXT);\n`,
  'migrations/0001_users.down.sql': `DROP TABLE users;\n`,
  'migrations/0002_email_index.up.sql': `CREATE INDEX users_email ON users (email);\n`,
  'migrations/0002_email_index.down.sql': `DROP INDEX users_email;\n`,
};

/** The same, and a third migration whose down cannot bring back what its up threw away. */
export const BAD_SET = {
  ...GOOD_SET,
  'migrations/0003_drop_nick.up.sql': `-- nobody uses it\nALTER TABLE users DROP COLUMN nick;\n`,
  'migrations/0003_drop_nick.down.sql': `ALTER TABLE users ADD COLUMN nick TEXT;\n`,
};

/** Keeps a run short and repeatable. */
export const FAST = ['--dialect', 'sqlite', '--cases', '12', '--seed', '7'];
