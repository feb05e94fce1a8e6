/**
 * A property is a catalogue entry and a pure judgement over a trace.
 */
import type { CatalogChange } from './catalog.ts';
import type { Row } from './dataset.ts';
import type { Migration, MigrationSet } from './migration.ts';
import type { PagingHistory } from './paging-history.ts';
import type { ParityContext } from './parity.ts';
import type { SchemaModel } from './schema.ts';
import type { Snapshot } from './snapshot.ts';
import type { DatabaseFault, MomentName, StatementRef, Trace } from './trace.ts';

export const PROPERTY_IDS = [
  'applies',
  'rollback-restores',
  'rerun-idempotent',
  'reapply-converges',
  'values-survive',
  'has-effect',
  'chain-unwinds',
  'invariants-hold',
  'index-used',
  'schema-parity',
  'rollback-after-writes',
  'interruption-safe',
  'constraints-enforced',
  'cursor-stable',
] as const;
export type PropertyId = (typeof PROPERTY_IDS)[number];

/**
 * What drives a database so that a property can be judged: `standard` (up, down, up, up, down, down, which serves all stepwise properties
 * at once), `chain` (all ups, all downs), or one of its own, by its name in `harness/scenarios/registry.ts`.
 */
export type ScenarioId = 'standard' | 'chain' | 'populated' | 'later-writes' | 'interrupted' | 'probed' | 'paging';

export const VERDICTS = ['held', 'falsified', 'inconclusive', 'inapplicable'] as const;
export type VerdictKind = (typeof VERDICTS)[number];

/** What a judgement may know besides the trace. */
export interface JudgementContext {
  readonly set: MigrationSet;
  readonly migration: Migration;
  /** The schema before the migration. */
  readonly model: SchemaModel;
  /** Tables of `model` that either script mentions, by `Table.key`. */
  readonly mentioned: ReadonlySet<string>;
  /** Columns (`table.column`) that U fills with values the data does not determine (random, generated keys): found by running it twice on the same data. */
  readonly volatileColumns: ReadonlySet<string>;
  /** Ids of the declared invariants that are asked before or after this migration. */
  readonly invariantIds: readonly string[];
  /** The queries whose plans are looked at before or after this migration, by id. */
  readonly queryIds: readonly string[];
  /** The pagers that are turned after this migration, by id. */
  readonly pagerIds: readonly string[];
  /** What the state after U is compared with by `schema-parity`; null where that is not asked, or where U fails on the state without generated rows. */
  readonly parity: ParityContext | null;
  /** When the run started, milliseconds since 1970: a stored time between then and the judgement is a clock reading, not data. */
  readonly runStartedMs: number;
}

/** How rows differ: what should be there and is not, and what is there and should not. */
export interface TableDifference {
  readonly table: string;
  readonly columns: readonly string[];
  readonly missing: readonly Row[];
  readonly extra: readonly Row[];
  /** Rows paired by primary key whose cells differ. */
  readonly changed: readonly {
    readonly key: Row;
    readonly column: string;
    readonly expected: string | null;
    readonly actual: string | null;
  }[];
}

/** Why a clause is false on this trace. */
export interface Finding {
  readonly clause: string;
  /** One sentence a person can act on: names the object or table and what happened. */
  readonly message: string;
  /** What the failure is about, for telling failures apart: an object, a table.column, an invariant's id. Independent of the data. */
  readonly object: string;
  readonly catalogChanges: readonly CatalogChange[];
  readonly tableDifferences: readonly TableDifference[];
  readonly fault: DatabaseFault | null;
  readonly at: StatementRef | null;
  /** The declaration to write if this was meant; null: there is none. */
  readonly wayOut: string | null;
}

/** A fact that must be seen in at least one case before `held` means anything. */
export interface Obligation {
  /** Completes "no case had …": `a row in public.users`. Also its identity. */
  readonly id: string;
  isMet(before: Snapshot): boolean;
}

export type Judgement =
  | {
      readonly status: 'held';
      readonly notes: readonly string[];
      /** What this case witnessed, and what some case has to witness before `held` means anything; as in `Obligation.id`. */
      readonly seen?: readonly string[];
      readonly owed?: readonly string[];
    }
  | { readonly status: 'falsified'; readonly findings: readonly Finding[] }
  /** The trace cannot tell: it ended before the moment that this property needs. */
  | { readonly status: 'unjudged'; readonly reason: string };

/** What shows a finding to a person and to a later version, beside its message. */
export interface Exhibit {
  /** The steps of every session side by side, as plain text, at most a hundred columns wide. */
  readonly interleaving: readonly string[];
  /** What the finding was concluded from; stored beside the counterexample. */
  readonly history: PagingHistory;
}

interface Clause {
  readonly id: string;
  /** The law of this clause, one sentence. */
  readonly law: string;
}

export interface Property {
  readonly id: PropertyId;
  readonly title: string;
  /** In symbols: `D(U(d)) = d`. */
  readonly law: string;
  readonly clauses: readonly Clause[];
  /** Whose traces it judges. */
  readonly scenario: ScenarioId;
  /** Why it is judged only where it is asked for by name, completing "it …"; absent: it always is. Reports name it as not judged. */
  readonly whenAsked?: string;
  /** Why this property cannot be asked of this migration at all; null: it can. */
  inapplicable(context: JudgementContext): string | null;
  /** Expressions over rows before U that the judgement will want to know. */
  projections?(
    of: Pick<JudgementContext, 'migration' | 'model'>,
  ): readonly { readonly table: string; readonly sql: string }[];
  /** What to add to the result after all cases: declarations that nothing needed. `notes` are those of the cases. */
  conclude?(context: JudgementContext, notes: ReadonlySet<string>): readonly string[];
  /** What must be witnessed over the campaign. */
  obligations(context: JudgementContext): readonly Obligation[];
  /** The last moment of the standard trajectory that a judgement needs. */
  readonly needs: MomentName;
  /** `every-case`: one falsified trace falsifies. `some-case`: one held trace is enough. */
  readonly quantifier: 'every-case' | 'some-case';
  judge(trace: Trace, context: JudgementContext): Judgement;
  /** What shows a finding of this trace; null: its message says it all. */
  exhibit?(trace: Trace, finding: Finding): Exhibit | null;
}
