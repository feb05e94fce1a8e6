/**
 * The `palindrome-mutants/1` format, as types. `reports/mutants.schema.json` says the same as JSON Schema; a test holds them together.
 */
import type { DialectName, Direction, LayoutName } from './migration.ts';

export interface MutantsReport {
  readonly format: 'palindrome-mutants/1';
  readonly tool: { readonly name: 'palindrome'; readonly version: string };
  readonly run: {
    readonly verb: 'mutate';
    readonly seed: number;
    /** Most cases for a mutant. */
    readonly cases: number;
    /** Most mutants of a migration. */
    readonly max: number;
    /** The score asked for, in percent; null: none was. */
    readonly minScore: number | null;
    readonly exitCode: number;
    readonly durationMs: number;
    /** `finished`, `interrupted`, or an error as `code: message`. */
    readonly stoppedBecause: string;
  };
  /** Over all sets. */
  readonly total: MutantCounts;
  readonly sets: readonly MutantsSet[];
  /** What was not measured, and why. */
  readonly limits: readonly string[];
}

/** How many mutants came to what. */
export interface MutantCounts {
  /** Mutants that the operators find. */
  readonly found: number;
  /** Of those, the ones that were taken; the numbers below add up to it. */
  readonly taken: number;
  readonly killed: number;
  readonly survived: number;
  readonly equivalent: number;
  readonly stillborn: number;
  readonly undecided: number;
  readonly notRun: number;
  /** `killed` over `killed` and `survived`, in percent with one decimal; null: neither was there. */
  readonly score: number | null;
}

export interface MutantsSet {
  readonly name: string;
  readonly path: string;
  readonly layout: LayoutName;
  readonly dialect: DialectName;
  /** Empty where no server was reached. */
  readonly engineVersion: string;
  readonly provider: string;
  readonly notes: readonly string[];
  readonly counts: MutantCounts;
  readonly migrations: readonly MutantsMigration[];
}

export interface MutantsMigration {
  readonly id: string;
  readonly name: string;
  readonly upFile: string;
  readonly downFile: string | null;
  readonly upSha256: string;
  readonly downSha256: string | null;
  readonly counts: MutantCounts;
  /** Properties that the original itself falsifies: no mutant is measured against them. */
  readonly leftOut: readonly { readonly property: string; readonly reason: string }[];
  /** Killed mutants by the property that killed them, most first. */
  readonly killedBy: readonly { readonly property: string; readonly mutants: number }[];
  readonly mutants: readonly ReportMutant[];
}

/**
 * `killed`: a property was falsified. `survived`: none was, and the mutant differs from its original. `equivalent`: it did the same as its
 * original on every case. `stillborn`: it does not parse, or fails on its first run, without data. `undecided`: its cases could not be
 * judged. `not-run`: the run ended before it.
 */
export type MutantStatus = 'killed' | 'survived' | 'equivalent' | 'stillborn' | 'undecided' | 'not-run';

export interface ReportMutant {
  readonly id: string;
  readonly operator: string;
  readonly mistake: string;
  readonly direction: Direction;
  readonly file: string;
  /** Of the first change, in the original file. */
  readonly line: number;
  readonly what: string;
  readonly status: MutantStatus;
  /** What killed it; null for every other status. */
  readonly property: string | null;
  readonly clause: string | null;
  /** Why it has this status: one sentence. */
  readonly reason: string;
  /** Cases that were judged until that was known. */
  readonly cases: number;
  /** What would have caught a survivor; null for every other status. */
  readonly advice: string | null;
  /** From the original to the mutant, as `diff -u` prints it. */
  readonly diff: string;
}
