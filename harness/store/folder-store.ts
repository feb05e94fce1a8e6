/** A store in a folder: the whole of what is kept, behind one interface. */
import { findUnfinished, openJournal } from './fuzz-journal.ts';
import { appendHistory, readHistory } from './history.ts';
import { readJudged, writeJudged } from './judged.ts';
import { openStore } from './open-store.ts';
import { readPastRuns } from './past-runs.ts';
import type { Store } from './store.ts';

/** Opens a folder as a store; it is made at the first write. `shownAs` is the folder as people see it. */
export function openFolderStore(folder: string, shownAs: string): Store {
  return {
    ...openStore(folder, shownAs),
    readHistory: () => readHistory(folder, shownAs),
    addRun: (run) => appendHistory(folder, shownAs, run),
    readPastRuns: (most) => readPastRuns(folder, most),
    readJudged: () => readJudged(folder),
    writeJudged: (checksums) => writeJudged(folder, shownAs, checksums),
    openJournal: (id) => openJournal(folder, shownAs, id),
    findUnfinished: (sets) => findUnfinished(folder, shownAs, sets),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
