/**
 * What a campaign writes down as it goes, so that another process can go on where one was killed: the `palindrome-fuzz/1` format, a JSON
 * document a line, appended and flushed to the disk.
 */
import type { Acceptance } from './acceptance.ts';
import type { Counterexample } from './counterexample.ts';
import type { Finding, PropertyId } from './property.ts';
import type { ReportCounterexample } from './report.ts';

/** A failure as a running record holds it. */
export interface KeptFailure {
  readonly key: string;
  readonly finding: Finding;
  readonly counterexample: ReportCounterexample;
  readonly accepted: Acceptance | null;
  readonly alsoObjects: readonly string[];
}

/** The running record of one property. */
export interface KeptTally {
  readonly property: PropertyId;
  readonly cases: number;
  readonly held: number;
  readonly rows: number;
  readonly discarded: number;
  readonly unmet: readonly string[];
  readonly flaky: readonly (readonly [string, string])[];
  readonly unjudged: readonly (readonly [string, number])[];
  readonly notes: readonly string[];
  readonly seen: readonly string[];
  readonly owed: readonly string[];
  readonly pending: Finding | null;
  /** Those that an earlier line of the same unit holds whole stand here by their key. */
  readonly failures: readonly (KeptFailure | Pick<KeptFailure, 'key' | 'alsoObjects'>)[];
}

/** Everything that is kept of a unit. */
export interface KeptRecords {
  readonly volatileColumns: readonly string[];
  readonly givenUp: string | null;
  readonly tallies: readonly KeptTally[];
}

/** The first line of a journal. */
export interface JournalStart {
  readonly type: 'started';
  readonly format: 'palindrome-fuzz/1';
  /** Of the run, in the history too. */
  readonly id: string;
  readonly at: string;
  readonly tool: string;
  readonly seed: number;
  readonly sets: readonly string[];
  readonly only: string | null;
  readonly properties: readonly string[] | null;
  readonly budget: FuzzBudget;
}

/** When a campaign ends; null: not by this. */
export interface FuzzBudget {
  readonly ms: number | null;
  readonly cases: number | null;
  /** Cases of each unit: what one gets then depends on no other, so that a campaign can be divided. Absent: not by this. */
  readonly each?: number;
}

export type JournalRecord =
  | JournalStart
  /** A failure that was seen twice and is being reduced. */
  | { readonly type: 'suspect'; readonly unit: string; readonly example: Counterexample }
  /** A visit that ended, with everything known of its unit. */
  | {
      readonly type: 'visited';
      readonly unit: string;
      readonly checksum: string;
      readonly visits: number;
      readonly cases: number;
      readonly records: KeptRecords;
      /** Ids of failures that the first look stored as it found them, and that are to be reduced; absent: none. */
      readonly unreduced?: readonly string[];
    }
  /** Where the campaign stands; rounds from 0. */
  | {
      readonly type: 'stands';
      readonly round: number;
      readonly cases: number;
      readonly spentMs: number;
      readonly spent: Readonly<Record<'generating' | 'loading' | 'migrating' | 'checking', number>>;
      readonly canary: { readonly judged: number; readonly falsified: number };
    };

/** What a journal tells of a campaign that did not end. */
export interface JournalState {
  readonly start: JournalStart;
  readonly stands: Extract<JournalRecord, { type: 'stands' }> | null;
  /** The last of each unit. */
  readonly visited: ReadonlyMap<string, Extract<JournalRecord, { type: 'visited' }>>;
  /** Failures that were being reduced when the process ended. */
  readonly suspects: readonly Counterexample[];
}

/** Appends to a journal. Throws `store-write`. */
export interface FuzzJournal extends AsyncDisposable {
  /** Returns when the record is on the disk. */
  write(record: JournalRecord): Promise<void>;
  /** Takes the journal away: the campaign has reached its end. */
  finish(): Promise<void>;
}
