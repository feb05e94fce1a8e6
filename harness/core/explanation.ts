/** What makes a counterexample readable for someone who did not write the migration. */
import type { Direction } from './migration.ts';
import type { StatementRef } from './trace.ts';

/** Cells of a row that do not matter: with other legal values in them the failure stays. */
export interface AnyCells {
  /** `Table.key`. */
  readonly table: string;
  /** Position of the row in its table of the dataset, from 0. */
  readonly row: number;
  readonly columns: readonly string[];
}

/** The lines around a statement as they stand in its file. */
export interface ScriptExcerpt {
  readonly file: string;
  /** From 1. */
  readonly firstLine: number;
  readonly lines: readonly string[];
  /** First and last line of the statement, from 1. */
  readonly from: number;
  readonly to: number;
}

export interface Explanation {
  /** Two or three, in plain words. */
  readonly sentences: readonly string[];
  /** The statement after which the promise could not be kept, found by running the scripts up to each of their statements. */
  readonly brokenBy: { readonly direction: Direction; readonly statement: StatementRef };
  readonly excerpt: ScriptExcerpt;
}
