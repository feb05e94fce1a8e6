/** What git says was changed, brought to the migrations of the sets that a run reads. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { findConcerned, type Since } from '../campaign/since.ts';
import { PalindromeError } from '../core/errors.ts';
import type { Migration } from '../core/migration.ts';
import { count } from '../core/text.ts';
import type { ReadSet } from './read-sets.ts';

const run = promisify(execFile);
const MOST_NAMED = 12;
const MOST_OUTPUT = 64 * 1024 * 1024;

/**
 * Compares the folders of the sets, as they lie on the disk, with where this branch left `ref`. A change of a configuration, or a file of a
 * set that is gone, concerns the whole set. Throws `git-missing`, `not-a-repository`, `ref-unknown`.
 */
export async function findSince(ref: string, sets: readonly ReadSet[], cwd: string): Promise<Since> {
  const names = new Map<string, ReadonlySet<string>>();
  const limits: string[] = [];
  for (const { settings, set } of sets) {
    if (names.has(set.path)) continue;
    const files = await changedFiles(ref, settings.folder, settings.source?.file ?? null);
    const whole = whyWhole(files, settings.source?.file ?? null);
    const changed = set.migrations.filter((migration) => filesOf(migration, cwd).some((file) => files.has(file)));
    const concerned = findConcerned(set, new Set(changed.map(({ name }) => name)));
    const all = new Set(set.migrations.map(({ name }) => name));
    const chosen = whole === null ? concerned.names : all;
    names.set(set.path, chosen);
    const left = [...all].filter((name) => !chosen.has(name));
    limits.push(describe({ path: set.path, ref, chosen, changed: changed.length, left }));
    if (whole !== null) limits.push(`${set.path}: ${whole}, so the whole set was judged.`);
    else if (concerned.note !== null) limits.push(`${set.path}: ${concerned.note}.`);
  }
  return { ref, names, limits };
}

interface Described {
  readonly path: string;
  readonly ref: string;
  readonly chosen: ReadonlySet<string>;
  readonly changed: number;
  readonly left: readonly string[];
}

function describe({ path: set, ref, chosen, changed, left }: Described): string {
  const named = left.slice(0, MOST_NAMED).join(', ');
  const more = left.length > MOST_NAMED ? ` and ${left.length - MOST_NAMED} more` : '';
  const rest = left.length === 0 ? 'nothing was left out' : `left out: ${named}${more}`;
  return `${set}: only what was changed since ${ref} was judged (${count(changed, 'migration')}), with later migrations that name the same tables (${chosen.size - Math.min(changed, chosen.size)}); ${rest}.`;
}

/** Absolute paths. */
function filesOf({ up, down }: Migration, cwd: string): readonly string[] {
  return [up.file, ...(down === null ? [] : [down.file])].map((file) => path.resolve(cwd, file));
}

/** By absolute path: whether the file is still there. Changes that are not committed and files that git does not know yet count. */
async function changedFiles(ref: string, folder: string, config: string | null): Promise<ReadonlyMap<string, boolean>> {
  const root = (await git(folder, ['rev-parse', '--show-toplevel'], notARepository(folder))).trim();
  const commit = await commitOf(ref, folder);
  // A branch that went on elsewhere is no change of this one.
  const base = await git(folder, ['merge-base', commit, 'HEAD'], null).then(
    (found) => found.trim(),
    () => commit,
  );
  const where = ['--', folder, ...(config === null ? [] : [config])];
  const diff = await git(folder, ['diff', '--name-status', '--no-renames', '-z', base, ...where], null);
  const added = await git(folder, ['ls-files', '--others', '--exclude-standard', '--full-name', '-z', ...where], null);
  const parts = diff.split('\u0000');
  const files = new Map<string, boolean>();
  for (let at = 0; at + 1 < parts.length; at += 2)
    files.set(path.resolve(root, parts[at + 1] ?? ''), parts[at] !== 'D');
  for (const file of added.split('\u0000').filter((name) => name !== '')) files.set(path.resolve(root, file), true);
  return files;
}

async function commitOf(ref: string, folder: string): Promise<string> {
  const unknown = new PalindromeError('ref-unknown', `git knows no ${ref} here.`, {
    hint: 'Name a branch, a tag or a commit: --since origin/main. In CI, fetch it first (actions/checkout with fetch-depth: 0).',
  });
  if (ref.startsWith('-')) throw unknown;
  return (await git(folder, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], unknown)).trim();
}

function notARepository(folder: string): PalindromeError {
  return new PalindromeError('not-a-repository', `${folder} is in no git repository.`, {
    hint: '--since asks git what was changed. Run it in a checkout, or pick migrations with --only.',
  });
}

/** Runs git in a folder. Throws `fault` where git refuses, where it is given. */
async function git(folder: string, args: readonly string[], fault: PalindromeError | null): Promise<string> {
  try {
    const { stdout } = await run('git', ['-C', folder, ...args], { maxBuffer: MOST_OUTPUT, encoding: 'utf8' });
    return stdout;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT')
      throw new PalindromeError('git-missing', 'git cannot be started, and --since asks it what was changed.', {
        hint: 'Install git, or pick migrations with --only.',
        cause: thrown,
      });
    throw fault ?? thrown;
  }
}

function whyWhole(files: ReadonlyMap<string, boolean>, config: string | null): string | null {
  if (config !== null && files.has(config)) return `${path.basename(config)} was changed`;
  const [gone] = [...files].find(([file, isThere]) => !isThere && /\.(?:sql|json|toml)$/u.test(file)) ?? [];
  if (gone !== undefined) return `${path.basename(gone)} is gone`;
  const [steering] = [...files].find(([file]) => /(?:_journal\.json|metadata\.toml)$/u.test(file)) ?? [];
  return steering === undefined ? null : `${path.basename(steering)} was changed`;
}
