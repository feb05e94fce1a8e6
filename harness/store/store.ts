/**
 * Where counterexamples live: `<folder>/counterexamples/<id>.json` with `<id>.repro.sql` beside it, and `<id>.history.json` where
 * one was kept; `store.json` says the version, and
 * `history.jsonl`, `judged.json` and `fuzz/` what runs left. Files are written whole (temporary name, then rename) or appended to in one
 * write, so several processes may share a folder.
 */
import type { Counterexample } from '../core/counterexample.ts';
import type { PagingHistory } from '../core/paging-history.ts';

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
