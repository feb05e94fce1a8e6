/**
 * The store on disk. `open-store.ts` reads and writes files, `validate.ts` says what a counterexample file must look like.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import type { Counterexample } from '../core/counterexample.ts';
import { messageOf, PalindromeError } from '../core/errors.ts';
import { claimFolder, EXAMPLES, requireFormat } from './format.ts';
import type { CounterexampleArchive, StoredExample } from './store.ts';
import { parseCounterexample } from './validate.ts';
import { storeFault, writeWhole } from './write-whole.ts';

const HISTORY_SUFFIX = '.history.json';

/** Opens a store; the folder is made at the first save. `shownAs` is the folder as people see it. */
export function openStore(folder: string, shownAs: string): CounterexampleArchive {
  const inside = join(folder, EXAMPLES);
  const shown = (name: string): string => posix.join(shownAs.replaceAll('\\', '/'), EXAMPLES, name);
  return {
    shownAs,
    async save(example, repro, history = null) {
      await claimFolder(folder, shownAs);
      const names = { file: `${example.id}.json`, repro: `${example.id}.repro.sql` };
      const historyName = `${example.id}${HISTORY_SUFFIX}`;
      await writeWhole(inside, names.file, `${JSON.stringify(example, null, 2)}\n`);
      await writeWhole(inside, names.repro, repro);
      if (history !== null) await writeWhole(inside, historyName, `${JSON.stringify(history, null, 2)}\n`);
      return {
        file: shown(names.file),
        repro: shown(names.repro),
        history: history === null ? null : shown(historyName),
      };
    },
    async load(idOrPath) {
      await requireFormat(folder, shownAs);
      const file = await locate(inside, idOrPath);
      return { example: await readExample(file), file: file.startsWith(inside) ? shown(basename(file)) : idOrPath };
    },
    async list() {
      await requireFormat(folder, shownAs);
      return (await listIds(inside)).toSorted();
    },
    async loadAll() {
      await requireFormat(folder, shownAs);
      const stored: StoredExample[] = [];
      for (const id of (await listIds(inside)).toSorted()) {
        const found = await readStored(join(inside, `${id}.json`), shown(`${id}.json`));
        if (found !== null) stored.push(found);
      }
      return stored;
    },
    async remove(id) {
      await requireFormat(folder, shownAs);
      try {
        for (const name of [`${id}.repro.sql`, `${id}${HISTORY_SUFFIX}`, `${id}.json`])
          await rm(join(inside, name), { force: true });
      } catch (error) {
        throw storeFault(`Could not remove ${id} from ${folder}`, error);
      }
    },
  };
}

/** A file that is broken is told, not thrown. Null: another process has removed it meanwhile. */
export async function readStored(file: string, shownAs: string): Promise<StoredExample | null> {
  try {
    return { file: shownAs, example: parseCounterexample(await readFile(file, 'utf8'), shownAs), fault: null };
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
    return { file: shownAs, example: null, fault: messageOf(thrown) };
  }
}

async function listIds(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith('.json') && !name.endsWith(HISTORY_SUFFIX) && !name.startsWith('.'))
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
