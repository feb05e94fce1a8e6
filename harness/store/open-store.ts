/**
 * The store on disk. `open-store.ts` reads and writes files, `validate.ts` says what a counterexample file must look like.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import type { Counterexample } from '../core/counterexample.ts';
import { messageOf, PalindromeError } from '../core/errors.ts';
import type { CounterexampleStore } from './store.ts';
import { parseCounterexample } from './validate.ts';

const FOLDER = 'counterexamples';

/** Opens a store; the folder is made at the first save. `shownAs` is the folder as people see it. */
export function openStore(folder: string, shownAs: string): CounterexampleStore {
  const inside = join(folder, FOLDER);
  const shown = (name: string): string => posix.join(shownAs.replaceAll('\\', '/'), FOLDER, name);
  return {
    shownAs,
    async save(example, repro) {
      const names = { file: `${example.id}.json`, repro: `${example.id}.repro.sql` };
      await writeWhole(inside, names.file, `${JSON.stringify(example, null, 2)}\n`);
      await writeWhole(inside, names.repro, repro);
      return { file: shown(names.file), repro: shown(names.repro) };
    },
    async load(idOrPath) {
      const file = await locate(inside, idOrPath);
      return { example: await readExample(file), file: file.startsWith(inside) ? shown(basename(file)) : idOrPath };
    },
    async list() {
      return (await listIds(inside)).toSorted();
    },
  };
}

async function writeWhole(folder: string, name: string, text: string): Promise<void> {
  const temporary = join(folder, `.${name}.${process.pid}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(temporary, text);
    await rename(temporary, join(folder, name));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new PalindromeError('store-write', `Could not write ${name} in ${folder}: ${messageOf(error)}`, {
      kind: 'environment',
      hint: 'Free some space, or give another folder with --store.',
      cause: error,
    });
  }
}

async function listIds(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    .map((name) => name.slice(0, -'.json'.length));
}

async function locate(folder: string, idOrPath: string): Promise<string> {
  if (/[/\\]|\.json$/.test(idOrPath)) return idOrPath;
  const matches = (await listIds(folder)).filter((id) => id.startsWith(idOrPath));
  const exact = matches.find((id) => id === idOrPath) ?? (matches.length === 1 ? matches[0] : undefined);
  if (exact !== undefined) return join(folder, `${exact}.json`);
  const found = matches.length === 0 ? 'nothing starts with it' : `it could be ${matches.toSorted().join(', ')}`;
  throw new PalindromeError('counterexample-not-found', `No counterexample "${idOrPath}" in ${folder}: ${found}.`, {
    hint: 'Give the id that a report prints, or the path of a counterexample file.',
  });
}

async function readExample(file: string): Promise<Counterexample> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new PalindromeError('counterexample-not-found', `Could not read ${file}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return parseCounterexample(text, file);
}
