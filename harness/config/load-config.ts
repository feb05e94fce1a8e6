/**
 * Reads and validates a configuration file. Purpose of the folder: loose input (a file, flags, the environment) becomes one complete
 * set of settings, once; below it no default is filled in. It imports core and the campaign's types, never a dialect or provider.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, PalindromeError, placeAt } from '../core/errors.ts';
import type { UserConfig } from './define-config.ts';
import { validateConfig } from './validate.ts';
import type { ConfigIssue } from './validate.ts';

/** A configuration file that was read; `issues` is what is wrong with it so far. */
export interface LoadedConfig {
  /** Absolute. Paths in the configuration are relative to its folder. */
  readonly file: string;
  readonly shownAs: string;
  readonly config: UserConfig;
  readonly issues: readonly ConfigIssue[];
}

/** Throws `config-unreadable` where the file cannot be read or evaluated; mistakes in its keys are issues. */
export async function loadConfig(file: string, cwd: string): Promise<LoadedConfig> {
  const relative = path.relative(cwd, file).replaceAll(path.sep, '/');
  const shownAs = relative.startsWith('../..') ? file : relative;
  const raw = file.endsWith('.json')
    ? await readJson(file, shownAs)
    : exportOf(await evaluateModule(file, shownAs), shownAs);
  return { file, shownAs, ...validateConfig(raw) };
}

async function readJson(file: string, shownAs: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw unreadable(shownAs, cause);
  }
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/u, ''));
    if (typeof value === 'object' && value !== null && '$schema' in value) delete value.$schema;
    return value;
  } catch (cause) {
    // V8 says the offset only in the message; there is no code or field for it.
    const offset = /position (\d+)/u.exec(messageOf(cause))?.[1];
    const place = offset === undefined ? {} : { place: placeAt(shownAs, text, Number(offset)) };
    throw new PalindromeError('config-unreadable', `${shownAs} is not JSON: ${messageOf(cause)}`, { cause, ...place });
  }
}

/** Evaluates a TypeScript or JavaScript module of the user's own, given by its absolute path. Throws `config-unreadable` where that fails. */
export async function evaluateModule(file: string, shownAs: string): Promise<unknown> {
  const { createJiti } = await import('jiti');
  const here = fileURLToPath(import.meta.url);
  const extension = path.extname(here);
  const ours = (...parts: readonly string[]): string => path.join(path.dirname(here), '..', ...parts) + extension;
  // `palindrome` and `fast-check` resolve to ours, so that a configuration works where neither is installed, and both sides see one fast-check.
  const jiti = createJiti(import.meta.url, {
    fsCache: false,
    moduleCache: false,
    alias: {
      'palindrome/portfolios': ours('..', 'generators', 'portfolios', 'portfolios'),
      palindrome: ours('cli', 'library'),
      'fast-check': fileURLToPath(import.meta.resolve('fast-check')),
    },
  });
  try {
    return await jiti.import(file);
  } catch (cause) {
    throw unreadable(shownAs, cause);
  }
}

function exportOf(loaded: unknown, shownAs: string): unknown {
  if (typeof loaded === 'object' && loaded !== null && 'default' in loaded) return loaded.default;
  throw new PalindromeError('config-unreadable', `${shownAs} exports no configuration.`, {
    hint: 'It should say: export default defineConfig({ … })',
  });
}

function unreadable(shownAs: string, cause: unknown): PalindromeError {
  return new PalindromeError('config-unreadable', `${shownAs} cannot be read: ${messageOf(cause)}`, { cause });
}
