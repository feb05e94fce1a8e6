/**
 * What stands in a queue: the `palindrome-queue/1` format. A campaign is divided into items by the partition of shards, item i of n being shard i/n;
 * an item is a pure function of its submission and of files whose checksums stand in it, so that it may run twice and nobody notices.
 */
import type { Counterexample } from '../core/counterexample.ts';
import type { PagingHistory } from '../core/paging-history.ts';
import type { Report } from '../core/report.ts';

export interface QueueFile {
  readonly path: string;
  readonly sha256: string;
}

/** A campaign as it was asked for. Plain JSON. */
export interface Submission {
  readonly format: 'palindrome-queue/1';
  readonly id: string;
  /** Version of the tool: a worker of another one would judge something else. */
  readonly tool: string;
  readonly paths: readonly string[];
  /** Paths of the sets as reports show them. */
  readonly sets: readonly string[];
  /** Flags that decide what is judged; where it runs is each worker's own. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** Cases of each unit. */
  readonly each: number;
  /** How many items there are. */
  readonly items: number;
  /** Every file that decides on a verdict, with its checksum; paths relative to where the command ran. */
  readonly files: readonly QueueFile[];
  /** What the submitter's store knew: checksums by unit, and the cases to run first. */
  readonly judged: readonly (readonly [string, string])[];
  readonly examples: readonly Counterexample[];
  /** How reports name the store, and the folder of its files. */
  readonly store: { readonly shownAs: string; readonly folder: string };
}

/** A failure that an item found, as the submitter's store will keep it. */
export interface FoundFailure {
  readonly example: Counterexample;
  readonly repro: string;
  readonly history: PagingHistory | null;
}

/** What became of an item. */
export type ItemOutcome =
  | {
      readonly kind: 'judged';
      readonly report: Report;
      readonly found: readonly FoundFailure[];
      readonly judged: readonly (readonly [string, string])[];
    }
  /** The input is wrong, wherever it runs. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly hint: string | null };

/** An item that this worker has in hand. */
export interface Taken {
  readonly job: string;
  /** From 1. */
  readonly item: number;
}

/** Where a campaign stands. */
export interface CampaignStanding {
  readonly done: number;
  /** Items that were given up after too many attempts, with what the last one said. */
  readonly failed: readonly { readonly item: number; readonly why: string }[];
  /** Workers that hold an item now. */
  readonly workers: number;
}
