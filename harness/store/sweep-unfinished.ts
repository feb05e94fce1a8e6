/** Files that a process was writing when it was killed. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './is-alive.ts';

/** As `write-whole.ts` names what it has not finished. */
const UNFINISHED = /^\..+\.(\d+)\.\d+\.tmp$/u;
/** A file is written in far less. */
const MOST_MS = 60_000;
/** The process may be one of another machine, whose ids say nothing here. */
const LEAST_MS = 2_000;

const swept = new Set<string>();

/**
 * Removes what nobody finishes any more from the folders of a store: what is older than a minute, and what a process began that is gone.
 * Once in a process for each folder; what cannot be removed stays.
 */
export async function sweepUnfinished(folders: readonly string[]): Promise<void> {
  for (const folder of folders.filter((each) => !swept.has(each))) {
    swept.add(folder);
    for (const name of await readdir(folder).catch(() => [])) {
      const pid = UNFINISHED.exec(name)?.[1];
      if (pid === undefined) continue;
      const file = join(folder, name);
      const found = await stat(file).catch(() => null);
      const age = found === null ? 0 : Date.now() - found.mtimeMs;
      if (age > (isAlive(Number(pid)) ? MOST_MS : LEAST_MS)) await rm(file, { force: true }).catch(() => undefined);
    }
  }
}
