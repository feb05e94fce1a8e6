/**
 * Claims: what the five documents of `migrations/reference` promise, each judged by running it.
 *
 * A file per set exports its claims; `run-claims.ts` prints their table and `claims.test.ts` holds the verdicts to those recorded. Nothing here
 * knows what a verdict must be: a claim that holds is reported as held.
 */
import type { Report } from '../../harness/core/report.ts';

/** The forms in which a reference set is kept: for the tool that runs it, and where a document recommends a second tool also for that one. */
export const FORMS = ['as-documented', 'hardened', 'as-documented-drizzle', 'hardened-drizzle'] as const;
export type Form = (typeof FORMS)[number];

export interface ClaimOutcome {
  readonly verdict: 'held' | 'falsified' | 'inconclusive';
  /** One line. Falsified: the counterexample, with its values. Held: what was seen, with its counts. */
  readonly evidence: string;
  /** Id of a stored counterexample that `palindrome replay` takes; null where the claim is judged without a dataset. */
  readonly replay: string | null;
}

/** What a claim may use to find out. Everything it makes is gone when the lab closes. */
export interface Lab {
  /** The report of `palindrome verify` on one form of a set: run once, with a fixed seed, and shared by all claims. */
  verify(set: string, form: Form): Promise<Report>;
  /** The URL of an empty database on a PostgreSQL server of the lab's own. */
  createDatabase(): Promise<string>;
  /** An empty folder. */
  createFolder(): Promise<string>;
}

export interface Claim {
  /** Unique over all sets, kebab-case: `portfolio-lots/rollback-never-loses-data`. */
  readonly id: string;
  /** The reference set: the name of its folder. */
  readonly set: string;
  /** The document's promise, in one short sentence of our own. */
  readonly claim: string;
  judge(lab: Lab): Promise<ClaimOutcome>;
}
