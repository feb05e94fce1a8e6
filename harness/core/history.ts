/**
 * What a store remembers of each run: one line of `history.jsonl`, small enough to keep for years.
 */
import type { VerdictKind } from './property.ts';

/** What makes a failure the same in two runs. */
export interface FailureName {
  /** Path of the set as reports show it. */
  readonly set: string;
  /** Whole name of the migration. */
  readonly migration: string;
  readonly property: string;
  readonly clause: string;
  readonly object: string;
}

/** One run. */
export interface HistoryEntry {
  readonly format: 'palindrome-run/1';
  /** Of the run: base 36, unique in its store. */
  readonly id: string;
  /** When it started, ISO 8601 in UTC. */
  readonly at: string;
  readonly verb: string;
  readonly tool: string;
  readonly seed: number;
  readonly exitCode: number;
  readonly stoppedBecause: string;
  readonly durationMs: number;
  /** What was looked at: paths of sets, the glob over migrations, and properties; null: all. */
  readonly sets: readonly string[];
  readonly only: string | null;
  readonly properties: readonly string[] | null;
  readonly migrations: number;
  /** Cases, added up over migrations: of each the most that one of its properties judged. */
  readonly cases: number;
  readonly verdicts: Readonly<Record<VerdictKind, number>>;
  /** Falsified and accepted by a waiver or the baseline. */
  readonly accepted: number;
  /** Every failing object, accepted or not. */
  readonly failures: readonly FailureName[];
  /** `set`, `migration` and `property` of what was decided: what is not here was not looked at, or without a decision. */
  readonly decided: readonly string[];
}

/** A failure's name as one text, for sets and maps. */
export function keyOfFailure({ set, migration, property, clause, object }: FailureName): string {
  return JSON.stringify([set, migration, property, clause, object]);
}

/** What was decided, as one text. */
export function keyOfDecision({
  set,
  migration,
  property,
}: Pick<FailureName, 'set' | 'migration' | 'property'>): string {
  return JSON.stringify([set, migration, property]);
}
