/**
 * Journals of campaigns: `fuzz/<id>.jsonl`, one each, with `<id>.lock` beside it while its process lives. A journal whose process is gone can
 * be gone on with; one that reached its end is taken away.
 */
import { mkdir, open, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { PalindromeError } from '../core/errors.ts';
import type { FuzzJournal, JournalState } from '../core/fuzz-journal.ts';
import { claimFolder, requireFormat } from './format.ts';
import { isAlive } from './is-alive.ts';
import { campaignRunning, readState } from './journal-state.ts';
import { storeFault } from './write-whole.ts';

const FOLDER = 'fuzz';
const BEAT_MS = 2_000;
/** A process that has not shown for so long is gone, or on another machine that is. */
const SILENT_MS = 20_000;

/** Begins a journal, or goes on with one that `findUnfinished` gave. Throws as `claimFolder`, `store-write`, and `campaign-running` where another process holds it. */
export async function openJournal(folder: string, shownAs: string, id: string): Promise<FuzzJournal> {
  await claimFolder(folder, shownAs);
  const inside = join(folder, FOLDER);
  const file = join(inside, `${id}.jsonl`);
  const lock = join(inside, `${id}.lock`);
  try {
    await mkdir(inside, { recursive: true });
    if (await isHeld(lock)) throw campaignRunning(id, shownAs);
    await writeFile(lock, JSON.stringify({ pid: process.pid, host: hostname() }));
    const handle = await open(file, 'a');
    // A line that was cut off stays alone on its line.
    const { size } = await handle.stat();
    if (size > 0) await handle.write('\n');
    const beat = setInterval(() => void utimes(lock, new Date(), new Date()).catch(() => undefined), BEAT_MS);
    beat.unref();
    const close = async (): Promise<void> => {
      clearInterval(beat);
      await handle.close().catch(() => undefined);
      await rm(lock, { force: true });
    };
    return {
      async write(record) {
        try {
          await handle.write(`${JSON.stringify(record)}\n`);
          await handle.datasync();
        } catch (error) {
          throw storeFault(`Could not write ${file}`, error);
        }
      },
      async finish() {
        await rm(file, { force: true });
      },
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    if (error instanceof PalindromeError) throw error;
    throw storeFault(`Could not write ${file}`, error);
  }
}

/**
 * The newest campaign over these sets that did not reach its end and that no process is running; null: there is none.
 * Throws `store-newer`, `store-invalid`, `journal-invalid`.
 */
export async function findUnfinished(
  folder: string,
  shownAs: string,
  sets: readonly string[],
): Promise<JournalState | null> {
  await requireFormat(folder, shownAs);
  const inside = join(folder, FOLDER);
  const names = (await readdir(inside).catch(() => [])).filter((name) => name.endsWith('.jsonl'));
  let newest: JournalState | null = null;
  for (const name of names) {
    if (await isHeld(join(inside, name.replace(/jsonl$/, 'lock')))) continue;
    const state = readState(await readFile(join(inside, name), 'utf8'), `${shownAs}/${FOLDER}/${name}`);
    if (state === null || JSON.stringify(state.start.sets) !== JSON.stringify(sets)) continue;
    if (newest === null || newest.start.at < state.start.at) newest = state;
  }
  return newest;
}

/** Whether the process that made a lock is there: by its id on this machine, and by its beat. */
async function isHeld(lock: string): Promise<boolean> {
  const found = await stat(lock).catch(() => null);
  if (found === null || Date.now() - found.mtimeMs > SILENT_MS) return false;
  const owner = await readFile(lock, 'utf8')
    .then((text) => JSON.parse(text) as { pid?: number; host?: string })
    .catch(() => null);
  if (owner?.host !== hostname() || owner.pid === undefined) return true;
  return isAlive(owner.pid);
}
