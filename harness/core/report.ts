/**
 * The `palindrome-report/1` format, as types. `reports/report.schema.json` says the same as JSON Schema; a test holds them together.
 */
import type { Acceptance, KnownFailure, WaiverDeclaration } from './acceptance.ts';
import type { AnyCells, Explanation } from './explanation.ts';
import type { FailureName } from './history.ts';
import type { DialectName, LayoutName } from './migration.ts';
import type { Finding, VerdictKind } from './property.ts';
import type { Dataset } from './dataset.ts';

export interface Report {
  readonly format: 'palindrome-report/1';
  readonly tool: { readonly name: 'palindrome'; readonly version: string };
  readonly run: ReportRun;
  readonly sets: readonly ReportSet[];
  /** What was not checked, and why. */
  readonly limits: readonly string[];
  /** How the campaign went; only of `fuzz`. */
  readonly fuzz?: ReportFuzz;
  /** Beside an earlier run, or the base branch; absent: there is none. */
  readonly comparison?: ReportComparison;
}

export interface ReportComparison {
  /** What it is compared with, for people. */
  readonly with: string;
  /** Which failures fail the build. */
  readonly failOn: 'any' | 'new';
  readonly failures: readonly ComparedFailure[];
  /** Failures of the base that are gone, though their property was decided. */
  readonly fixed: readonly FailureName[];
}

/** `new`: no earlier run had it. `known`: the base has it. `rare`: of the last runs that decided on it, only some had it. */
export interface ComparedFailure extends FailureName {
  readonly status: 'new' | 'known' | 'rare';
  readonly failedRuns: number;
  readonly ofRuns: number;
}

export interface ReportFuzz {
  /** When it was to end; null: not by this. */
  readonly budget: { readonly ms: number | null; readonly cases: number | null; readonly each?: number };
  /** Rounds that were begun. */
  readonly rounds: number;
  /** Cases of all migrations, stored ones included; what confirmed and reduced failures is not counted. */
  readonly cases: number;
  /** How often it went on after its process had ended. */
  readonly resumed: number;
  /** Milliseconds, added up over what ran side by side. */
  readonly spentMs: {
    readonly generating: number;
    readonly loading: number;
    readonly migrating: number;
    readonly checking: number;
  };
  /** Rounds in which the canary was judged, and those in which it was falsified. */
  readonly canary: { readonly judged: number; readonly falsified: number };
}

export interface ReportRun {
  readonly verb: string;
  readonly seed: number;
  readonly exitCode: number;
  readonly durationMs: number;
  /** `finished`, or why it ended before that. */
  readonly stoppedBecause: string;
  /** Which slice of the whole it was (`2/3`); null: all of it. */
  readonly shard: string | null;
}

export interface ReportSet {
  readonly name: string;
  readonly path: string;
  readonly layout: LayoutName;
  readonly dialect: DialectName;
  readonly engineVersion: string;
  readonly provider: string;
  readonly notes: readonly string[];
  readonly migrations: readonly ReportMigration[];
  /** How the generator did, over the set. */
  readonly generation: GenerationSummary;
  /** The starting data that was masked and used; null: none was given. */
  readonly dataset: ReportDataset | null;
  /** Every waiver of the set, and what became of it. */
  readonly waivers: readonly ReportWaiver[];
  /** What became of the failures that were known; null: there is no baseline. */
  readonly baseline: ReportBaseline | null;
}

export interface ReportWaiver extends WaiverDeclaration {
  /** Name of the migration at which it stands. */
  readonly migration: string;
  /**
   * `used`: it covers a failure. `expired`: it would, and its last day is over. `stale`: nothing needs it. `open`: nothing can be said,
   * since its property was not judged there, or without a decision.
   */
  readonly status: 'used' | 'expired' | 'stale' | 'open';
}

export interface ReportBaseline {
  /** As shown to people. */
  readonly file: string;
  /** Failures that it knows and that are still there. */
  readonly known: number;
  /** Those that are gone: the file may shrink. */
  readonly fixed: readonly Pick<KnownFailure, 'migration' | 'property' | 'clause' | 'object'>[];
  /** Those of which nothing can be said: their property was not judged there, or without a decision. */
  readonly open: number;
}

/** What was read, what became of each column, and what it was used for. No value of the data is in it. */
export interface ReportDataset {
  /** As it was given, without user and password. */
  readonly source: string;
  /** What it turned out to be: `SQLite file`, `dump of a PostgreSQL 17 database`. */
  readonly what: string;
  /** The last migration that had run on it; null: none had. */
  readonly after: string | null;
  /** Names of the migrations of which it was a case. */
  readonly usedFor: readonly string[];
  /** Whether the salt was given, so that another run masks the same. */
  readonly hasSalt: boolean;
  readonly tables: readonly {
    readonly table: string;
    /** Rows in the data, of these taken and masked, and of these accepted by the schema. */
    readonly rows: number;
    readonly taken: number;
    readonly loaded: number;
  }[];
  readonly columns: readonly {
    readonly table: string;
    readonly column: string;
    readonly by: 'rule' | 'guess';
    readonly kind: string;
    /** Cells that were replaced, that stayed, and that are NULL. */
    readonly masked: number;
    readonly kept: number;
    readonly nulls: number;
  }[];
  /** Rows that were taken and not used. */
  readonly leftOut: readonly { readonly table: string; readonly reason: string; readonly rows: number }[];
  /** What a person should know or do: sentences. */
  readonly notes: readonly string[];
}

export interface ReportMigration {
  /** Where it stands in its set, from 1. */
  readonly position: number;
  readonly id: string;
  readonly name: string;
  readonly upFile: string;
  readonly downFile: string | null;
  readonly upSha256: string;
  readonly downSha256: string | null;
  readonly durationMs: number;
  readonly results: readonly ReportResult[];
}

export interface ReportResult {
  readonly property: string;
  /** The clause that failed; null for every verdict but `falsified`. */
  readonly clause: string | null;
  readonly verdict: VerdictKind;
  /** Cases that this property judged. */
  readonly cases: number;
  /** Rows in those cases. */
  readonly rows: number;
  /** Generated rows that the database refused. */
  readonly discarded: number;
  readonly reason: string;
  /** Things worth knowing that are no failure. */
  readonly notes: readonly string[];
  /** What failed, by name; the first is what `reason` speaks of. Empty for every verdict but `falsified`. */
  readonly objects: readonly string[];
  /** Why this failure does not fail the build; null where it does, and for every other verdict. */
  readonly accepted: Acceptance | null;
  readonly counterexample: ReportCounterexample | null;
}

export interface ReportCounterexample {
  readonly id: string;
  /** Relative to where the command ran. */
  readonly file: string;
  readonly repro: string;
  /** Rows of the minimal dataset. */
  readonly rows: number;
  /** Reductions that kept the failure. */
  readonly shrinks: number;
  readonly dataset: Dataset;
  readonly finding: Finding;
  /** What the same migration did in the failing scenario, step by step, in words. */
  readonly steps: readonly string[];
  /** Cells that do not matter: with other legal values the failure stays. */
  readonly anyValue: readonly AnyCells[];
  /** The statement that broke the promise, in words; null where none can be named. */
  readonly explanation: Explanation | null;
  /** The steps of every session side by side, as plain text; absent where there was one session. */
  readonly interleaving?: readonly string[];
  /** A history that `replay` checks again without a database, relative to where the command ran; absent where there is none. */
  readonly history?: string;
  /** The command that runs it again. */
  readonly replay: string;
}

export interface GenerationSummary {
  readonly proposedRows: number;
  readonly refusedRows: number;
  /** Every table that was to be filled, by name: rows proposed for it, and whether any case had a row in it. */
  readonly tables: readonly { readonly table: string; readonly proposed: number; readonly hadRows: boolean }[];
  /** Refusals by constraint, most first. `rate` is refused rows over rows proposed for that table, 0 to 1. */
  readonly refusals: readonly {
    readonly table: string;
    readonly constraint: string;
    readonly refused: number;
    readonly proposed: number;
    readonly rate: number;
  }[];
  /** Tables that stayed empty in every case, with the reason. */
  readonly emptyTables: readonly { readonly table: string; readonly reason: string }[];
}
