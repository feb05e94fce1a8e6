/**
 * Where counterexamples live: `<folder>/counterexamples/<id>.json` with `<id>.repro.sql` beside it, and `<id>.history.json` where
 * one was kept; `store.json` says the version, and
 * `history.jsonl`, `judged.json` and `fuzz/` what runs left. Files are written whole (temporary name, then rename) or appended to in one
 * write, so several processes may share a folder. `postgres-store.ts` keeps the same in a database that machines share.
 */
import type { Counterexample } from '../core/counterexample.ts';
import type { FuzzJournal, JournalState } from '../core/fuzz-journal.ts';
import type { HistoryEntry } from '../core/history.ts';
import type { PagingHistory } from '../core/paging-history.ts';
import type { PastRun } from '../core/past-run.ts';

export interface SavedFiles {
  readonly file: string;
  readonly repro: string;
  /** Null where there is none. */
  readonly history: string | null;
}

/** What the store of a campaign must do. */
export interface CounterexampleStore {
  /** The folder as shown to people, relative to where the command ran. */
  readonly shownAs: string;
  /** Writes the example, its script and its history, where there is one; returns the paths as shown to people. */
  save(example: Counterexample, repro: string, history?: PagingHistory | null): Promise<SavedFiles>;
}

/** One file of a store: the example, or what is wrong with it. */
export interface StoredExample {
  /** As shown to people. */
  readonly file: string;
  readonly example: Counterexample | null;
  /** Null where the example could be read. */
  readonly fault: string | null;
}

/** A store as people use it. Every method throws `store-newer` or `store-invalid` where the folder is no store of this version. */
export interface CounterexampleArchive extends CounterexampleStore {
  /** By id, unique prefix of an id, or path of a file. Throws `PalindromeError` (`counterexample-not-found`, `counterexample-invalid`). */
  load(idOrPath: string): Promise<{ readonly example: Counterexample; readonly file: string }>;
  /** Ids, in order. */
  list(): Promise<readonly string[]>;
  /** Every file, in order of ids, also those that cannot be read. */
  loadAll(): Promise<readonly StoredExample[]>;
  /** Takes an example, its script and its history away. */
  remove(id: string): Promise<void>;
}

/**
 * Everything that is kept between runs: counterexamples, the history of runs, what was judged, journals of campaigns. A folder and a PostgreSQL
 * database keep it alike. Every method throws `store-newer` or `store-invalid` where what is there is no store of this version.
 */
export interface Store extends CounterexampleArchive, AsyncDisposable {
  /** Every run that can be read, oldest first, and how many cannot. */
  readHistory(): Promise<{ readonly runs: readonly HistoryEntry[]; readonly unreadable: number }>;
  addRun(run: HistoryEntry): Promise<void>;
  /** The last `most` runs as reports show them, oldest first; none where the store cannot be read. */
  readPastRuns(most: number): Promise<readonly PastRun[]>;
  /** Checksums by unit with which campaigns judged last. */
  readJudged(): Promise<ReadonlyMap<string, string>>;
  /** Adds and replaces checksums. */
  writeJudged(checksums: ReadonlyMap<string, string>): Promise<void>;
  /** Begins a journal, or goes on with one that `findUnfinished` gave. Throws `campaign-running` where another process holds it. */
  openJournal(id: string): Promise<FuzzJournal>;
  /** The newest campaign over these sets that did not reach its end and that no process is running; null: there is none. Throws `journal-invalid`. */
  findUnfinished(sets: readonly string[]): Promise<JournalState | null>;
}
