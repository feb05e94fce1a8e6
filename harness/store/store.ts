/**
 * Where counterexamples live: `<folder>/counterexamples/<id>.json` with `<id>.repro.sql` beside it.
 * Files are written whole (temporary name, then rename), so several processes may share a folder.
 */
import type { Counterexample } from '../core/counterexample.ts';

export interface CounterexampleStore {
  /** The folder as shown to people, relative to where the command ran. */
  readonly shownAs: string;
  /** Writes the example and its script; returns the paths as shown to people. */
  save(example: Counterexample, repro: string): Promise<{ readonly file: string; readonly repro: string }>;
  /** By id, unique prefix of an id, or path of a file. Throws `PalindromeError` (`counterexample-not-found`, `counterexample-invalid`). */
  load(idOrPath: string): Promise<{ readonly example: Counterexample; readonly file: string }>;
  list(): Promise<readonly string[]>;
}
