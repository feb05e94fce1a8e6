/**
 * What a campaign tells while it runs. Reporters consume these and the final report, nothing else.
 */
import type { EngineInfo } from './dialect.ts';
import type { MigrationSet } from './migration.ts';
import type { PropertyId } from './property.ts';
import type { Report, ReportMigration, ReportResult, ReportSet } from './report.ts';

export type CampaignEvent =
  | {
      readonly type: 'run-started';
      readonly verb: string;
      readonly seed: number;
      readonly sets: number;
    }
  | {
      readonly type: 'set-started';
      readonly set: MigrationSet;
      readonly engine: EngineInfo;
      /** Null: the campaign decides. */
      readonly casesPerMigration: number | null;
      readonly why: string;
    }
  | {
      readonly type: 'migration-started';
      readonly set: string;
      readonly migration: string;
      readonly index: number;
      readonly total: number;
    }
  /** At most ten a second. */
  | {
      readonly type: 'progress';
      readonly set: string;
      readonly migration: string;
      readonly casesDone: number;
      readonly casesPlanned: number;
      /** How much of a campaign's budget is used up, 0 to 1; absent: the migrations tell how far the run is. */
      readonly share?: number;
      readonly phase: 'checking' | 'shrinking' | 'confirming';
    }
  /** A case falsified a clause. The first one of a clause was seen twice, and is told before it is reduced; its result follows. */
  | {
      readonly type: 'failure-found';
      readonly set: string;
      readonly migration: string;
      readonly property: PropertyId;
      readonly clause: string;
      /** That of the case: one of several, where they take turns. */
      readonly seed: number;
      /** From 0. */
      readonly caseIndex: number;
    }
  | {
      readonly type: 'result';
      readonly set: string;
      readonly migration: string;
      readonly result: ReportResult;
    }
  | {
      readonly type: 'migration-finished';
      readonly set: string;
      readonly migration: ReportMigration;
    }
  /** A round of a campaign ended: every unit was visited, or the budget was used up. */
  | {
      readonly type: 'round-finished';
      /** From 1. */
      readonly round: number;
      /** What the generator was asked to exaggerate, in words. */
      readonly swarm: readonly string[];
      /** In this round: visits, cases, and facts that no case had shown before. */
      readonly visits: number;
      readonly cases: number;
      readonly discoveries: number;
      /** So far. */
      readonly failures: number;
    }
  | { readonly type: 'set-finished'; readonly set: ReportSet }
  | { readonly type: 'note'; readonly message: string }
  | { readonly type: 'run-finished'; readonly report: Report };

/** Consumes events. `close` writes what is left; it may throw `PalindromeError` of kind `environment` (disk full). */
export interface Reporter {
  onEvent(event: CampaignEvent): void;
  close(): Promise<void>;
}
