import { stat } from 'node:fs/promises';
import path from 'node:path';
import { PalindromeError } from '../core/errors.ts';

/** In the order in which they are looked for. */
const CONFIG_NAMES = ['palindrome.config.ts', 'palindrome.config.js', 'palindrome.config.json'] as const;

/**
 * The configuration nearest to a folder of migrations: in the folder, then its parents up to `cwd`, then `cwd`.
 * Null where there is none. Two in one folder are an error: which one counts should not be a matter of luck.
 */
export async function findConfig(folder: string, cwd: string): Promise<string | null> {
  for (const candidate of searchPath(folder, cwd)) {
    const found = await configIn(candidate);
    if (found !== null) return found;
  }
  return null;
}

/** Absolute path of the configuration given with `--config`. Throws `config-not-found`. */
export async function requireConfig(given: string, cwd: string): Promise<string> {
  const file = path.resolve(cwd, given);
  if (await isFile(file)) return file;
  throw new PalindromeError('config-not-found', `There is no configuration file at ${given}.`, {
    hint: 'Give the path of a palindrome.config.ts, .js or .json, or leave --config out.',
  });
}

function searchPath(folder: string, cwd: string): readonly string[] {
  const inside = path.relative(cwd, folder);
  if (inside.startsWith('..') || path.isAbsolute(inside)) return [folder, cwd];
  const folders: string[] = [];
  for (let at = folder; at !== cwd; at = path.dirname(at)) folders.push(at);
  return [...folders, cwd];
}

async function configIn(folder: string): Promise<string | null> {
  const found: string[] = [];
  for (const name of CONFIG_NAMES) if (await isFile(path.join(folder, name))) found.push(name);
  const [first, second] = found;
  if (first !== undefined && second !== undefined)
    throw new PalindromeError('config-ambiguous', `${folder} holds both ${first} and ${second}.`, {
      hint: 'Remove one, or name one with --config.',
    });
  return first === undefined ? null : path.join(folder, first);
}

async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
