/**
 * What scenarios of their own saw, beside the moments of a trace. A new scenario adds its kind to `Evidence`; a property of that
 * scenario reads it with `evidenceOf`. Evidence is plain data, so that a judgement over it needs no database.
 */
import type { StopPoint } from './interruption.ts';
import type { Direction } from './migration.ts';
import type { PagingEvidence } from './paging-history.ts';
import type { Snapshot } from './snapshot.ts';
import type { ScriptOutcome, StatementRef, Trace } from './trace.ts';

/** A JSON value: what a case of a scenario has beside its rows (where it is killed, which writes come later). Stored with a counterexample. */
export type Parameters =
  | null
  | boolean
  | number
  | string
  | readonly Parameters[]
  | { readonly [key: string]: Parameters };

/** One step of a plan that reads rows. */
export interface PlanNode {
  /** As the database words it: `Seq Scan on orders`, `SEARCH orders USING INDEX orders_at (at<?)`. */
  readonly text: string;
  /** The index that it reads; null: none. */
  readonly index: string | null;
}

/** A plan of one query. */
export interface QueryPlan {
  /** `values`: made for the declared values. `kept`: what a long-lived session goes on with for a prepared statement. */
  readonly kind: 'values' | 'kept';
  /** The steps that read rows, in the order of the plan. */
  readonly nodes: readonly PlanNode[];
  /** The estimate for all rows, in the database's own unit, as it prints it; null where it has none. */
  readonly cost: string | null;
}

/** A declared query in one state. */
export type PlannedQuery =
  | {
      readonly status: 'explained';
      readonly plans: readonly QueryPlan[];
      /** Rows of each table that it reads. */
      readonly rows: Readonly<Record<string, number>>;
      /** What shows the first plan in the database's own shell. */
      readonly shown: string;
    }
  /** No declared index can be used; `invalid` names those that are there. */
  | { readonly status: 'no-index'; readonly invalid: readonly string[] }
  /** Nothing can be said: a table could not be filled. */
  | { readonly status: 'unpopulated'; readonly reason: string };

/** What the plans of the declared queries are on filled tables, before and after the up. */
export interface PlansEvidence {
  readonly kind: 'plans';
  /** What was done beside the moments, one line each. */
  readonly steps: readonly string[];
  readonly queries: readonly {
    readonly id: string;
    readonly sql: string;
    /** Any one of them will do. */
    readonly indexes: readonly string[];
    readonly maxCostRatio: number | null;
    /** Null where the query is not declared for that state. */
    readonly before: PlannedQuery | null;
    readonly after: PlannedQuery | null;
  }[];
  /** The SQL that filled the tables after the up, for a person to repeat. */
  readonly filling: string;
}

/** What a scenario saw that writes between the up and the down. */
export interface WritesEvidence {
  readonly kind: 'writes';
  /** What was done beside the moments, one line each. */
  readonly steps: readonly string[];
  /** The writes that went in, as SQL for a person to repeat. */
  readonly written: readonly string[];
  /** Tables (`Table.key`) that got a row. */
  readonly insertedInto: readonly string[];
  /** Tables that had to get one. */
  readonly wanted: readonly string[];
  /** Tables that only the new schema has and that the up filled from the old rows, with the columns that these rows decide. */
  readonly moved: readonly { readonly table: string; readonly columns: readonly string[] }[];
  /** The state after up and down of the same rows without any write between; null: nothing was to be told by it. */
  readonly without: Snapshot | null;
}

/** One run of a whole set through the runner's ledger. */
export interface LedgerRun {
  /** Names of the migrations that ran to their end. */
  readonly ran: readonly string[];
  /** Where and why it did not go through; null: it did. */
  readonly stopped: {
    /** The migration that was at work; null: it was refused before any. */
    readonly at: string | null;
    /** `failed …`, `refused: …`. */
    readonly why: string;
  } | null;
}

/** A set that was brought through a ledger, and then run again. */
export interface LedgerEvidence {
  readonly kind: 'ledger';
  readonly steps: readonly string[];
  readonly first: LedgerRun;
  /** Null where the first did not go through. */
  readonly second: LedgerRun | null;
  /** Whether the scripts run to their end on the same rows without a ledger; null where it was not asked, since the first run went through. */
  readonly runsWithout: boolean | null;
}

/** One interruption of one script, and the run that followed it. */
export interface InterruptionEvidence {
  readonly kind: 'interruption';
  /** What was done beside the moments, one line each. */
  readonly steps: readonly string[];
  readonly direction: Direction;
  /** Completes "is interrupted …": `after statement 3 of 9`. */
  readonly where: string;
  readonly point: StopPoint;
  /** Why it could not be interrupted just there; null: it was. */
  readonly missed: string | null;
  /** The statement that was interrupted, or the last one before the kill. */
  readonly at: StatementRef | null;
  /** What the script leaves on the same rows where nothing interrupts it. */
  readonly uninterrupted: Snapshot;
  /** What the interruption left. */
  readonly crashed: Snapshot;
  /** How the next run ended, and what it left. */
  readonly outcome: ScriptOutcome;
  readonly final: Snapshot;
  /** Columns that two uninterrupted runs fill differently, or from a sequence that went on; looked for only where the end differs. */
  readonly volatileColumns: readonly string[];
}

/** What became of a row that only one constraint forbids, or of an action that a foreign key declares. */
export interface Probe {
  /** The state that was probed. */
  readonly at: 'after-up' | 'after-down';
  readonly table: string;
  /** The constraint in words that name it: `check price_positive of public.items`. */
  readonly constraint: string;
  readonly part: 'refusal' | 'action';
  /** `works`: refused by it, or acted as declared. `broken`: not so. `unknown`: no row could be made that tells. */
  readonly outcome: 'works' | 'broken' | 'unknown';
  /** What was tried, as SQL; null: nothing could be. */
  readonly sql: string | null;
  /** What happened instead; null where it works. */
  readonly instead: string | null;
}

/** Rows that break a constraint that the database takes for true, or an index that does not agree with its table. */
export interface Disagreement {
  readonly at: Probe['at'];
  readonly object: string;
  readonly message: string;
}

/** How the constraints of a state after the up, and of the state after the down, were seen to work. */
export interface ProbesEvidence {
  readonly kind: 'probes';
  /** What was done beside the moments, one line each. */
  readonly steps: readonly string[];
  readonly probes: readonly Probe[];
  readonly disagreements: readonly Disagreement[];
}

export type Evidence =
  | PlansEvidence
  | WritesEvidence
  | LedgerEvidence
  | InterruptionEvidence
  | ProbesEvidence
  | PagingEvidence;

/** The evidence of a kind. Throws where the trace is one of another scenario: a property was given what it did not ask for. */
export function evidenceOf<Kind extends Evidence['kind']>(
  trace: Trace,
  kind: Kind,
): Extract<Evidence, { readonly kind: Kind }> | null {
  const { evidence } = trace;
  if (evidence !== null && !isOfKind(evidence, kind)) throw new Error(`a trace of ${trace.scenario} has no ${kind}`);
  return evidence as Extract<Evidence, { readonly kind: Kind }> | null;
}

function isOfKind(evidence: { readonly kind: string }, kind: string): boolean {
  return evidence.kind === kind;
}
