import type { VerdictKind } from './property.ts';

/** What a report shows of an earlier run. */
export interface PastRun {
  /** When it started, ISO 8601 in UTC. */
  readonly at: string;
  readonly seed: number;
  readonly exitCode: number;
  readonly durationMs: number;
  readonly cases: number;
  readonly verdicts: Readonly<Record<VerdictKind, number>>;
}
