/** `--promote`: a stored failure becomes two files to commit, a script for the database's shell and a test. */
import { access, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { showPathFrom } from '../config/settings.ts';
import type { Counterexample, ReplayOutcome } from '../core/counterexample.ts';
import { messageOf, PalindromeError } from '../core/errors.ts';
import { sanitize } from '../../reports/sanitize.ts';
import { renderRegressionTest } from '../../reports/regression-test.ts';

/** Where promoted failures go unless `--out` says otherwise. */
export const REGRESSIONS = 'tests/migrations';

interface Promotion {
  /** As shown to people; those that were there already are left as they are. */
  readonly written: readonly string[];
  readonly kept: readonly string[];
}

/** Makes files of a failure that could be run, and says which; of one that could not, why not. Throws `regression-not-written`. */
export async function promoteOne(
  example: Counterexample,
  { status }: ReplayOutcome,
  repro: string | null,
  to: { readonly cwd: string; readonly out: string },
): Promise<readonly string[]> {
  if (repro === null || status === 'stale' || status === 'error')
    return [
      `${example.id} was not promoted: it is ${status === 'error' ? 'in error' : status}, and a test of it would prove nothing`,
    ];
  const { written, kept } = await promote(example, repro, to);
  return [
    ...written.map((file) => `wrote ${sanitize(file)}`),
    ...kept.map((file) => `${sanitize(file)} was there already, and is as it was`),
  ];
}

/** Writes `<migration>.<property>.<id>.sql` and `.test.ts` into the folder. Throws `regression-not-written`. */
async function promote(
  example: Counterexample,
  repro: string,
  { cwd, out }: { readonly cwd: string; readonly out: string },
): Promise<Promotion> {
  const folder = path.resolve(cwd, out);
  const name = `${fileNameOf(example.migration.name)}.${example.property}.${example.id}`;
  const root = path.relative(folder, cwd).replaceAll(path.sep, '/') || '.';
  const files: Readonly<Record<string, string>> = {
    [`${name}.sql`]: repro,
    [`${name}.test.ts`]: renderRegressionTest(example, { root, script: `${name}.sql` }),
  };
  const written: string[] = [];
  const kept: string[] = [];
  for (const [file, text] of Object.entries(files)) {
    const target = path.join(folder, file);
    const shown = showPathFrom(cwd, target);
    if (await isThere(target)) kept.push(shown);
    else {
      await write(target, text, shown);
      written.push(shown);
    }
  }
  return { written, kept };
}

/** Migrations are called what their tools allow; a file is called what every system allows. */
function fileNameOf(name: string): string {
  return name.replaceAll(/[^\w.-]+/gu, '_').slice(0, 80);
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function write(file: string, text: string, shown: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text, { flag: 'wx' });
  } catch (cause) {
    throw new PalindromeError('regression-not-written', `Could not write ${shown}: ${messageOf(cause)}`, {
      kind: 'environment',
      hint: 'Make room, or give another folder with --out.',
      cause,
    });
  }
}
