/**
 * What a case is about: one migration, with everything around it that stays the same from case to case.
 */
import type { SchemaModel } from '../core/schema.ts';
import type { ParityContext } from '../core/parity.ts';
import type { JudgementContext, Property } from '../core/property.ts';
import type { Migration, MigrationSet } from '../core/migration.ts';
import type { Parameters } from '../core/evidence.ts';
import type { MomentName, Trace } from '../core/trace.ts';
import type { Dataset } from '../core/dataset.ts';
import type { Refusal } from '../core/dialect.ts';
import type { AskedConservation, AskedInvariant } from '../scenarios/observe.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { Conservation, Invariant, PlannedSet, Preparation } from './plan.ts';
import { relevantPagers } from './relevant-pagers.ts';
import { relevantQueries } from './relevant-queries.ts';
import { isInSpan } from './span.ts';
import type { Workbench } from './workbench.ts';

/** What a case left behind: its traces, or the reason why it says nothing. */
export interface CaseRun {
  /** The rows that were in the database. */
  readonly loaded: Dataset;
  readonly refused: readonly Refusal[];
  readonly traces: readonly Trace[];
  /** Why the dataset was not used: it broke an invariant before the migration ran. */
  readonly unusable: string | null;
  /** What else decided the run; absent where rows decide alone. */
  readonly parameters?: Parameters;
}

/** Runs a dataset through a subject's scenario. */
export type RunCase = (
  dataset: Dataset,
  options: { readonly until: MomentName; readonly isolated: boolean; readonly parameters?: Parameters },
) => Promise<CaseRun>;

export interface Subject {
  readonly planned: PlannedSet;
  readonly migration: Migration;
  readonly index: number;
  readonly model: SchemaModel;
  readonly mentioned: ReadonlySet<string>;
  readonly schemaFingerprint: string;
  readonly properties: readonly Property[];
  readonly runCase: RunCase;
  /** The scenario of its own that `runCase` runs; absent: the standard trajectory, or the chain. */
  readonly scenario?: Scenario;
  /** What `schema-parity` compares with; absent where it is not asked. */
  readonly parity?: ParityContext;
  /** Where the cases run. */
  readonly bench: Workbench | null;
}

const MAX_ROWS_PER_TABLE = 2_000;

/** Rows beyond which a table is compared by digest alone. */
export const maxRowsPerTable = MAX_ROWS_PER_TABLE;

/** The context for judging a subject. */
export function contextOf(
  subject: Subject,
  volatileColumns: ReadonlySet<string>,
  runStartedMs: number,
): JudgementContext {
  const { set, invariants, conservations } = subject.planned;
  const asked = [
    ...invariantsAt(set, invariants, subject.index),
    ...invariantsAt(set, invariants, subject.index + 1),
    ...conservationsAcross(set, conservations, subject.index),
  ];
  return {
    set,
    migration: subject.migration,
    model: subject.model,
    mentioned: subject.mentioned,
    volatileColumns,
    invariantIds: [...new Set(asked.map(({ id }) => id))],
    queryIds: relevantQueries(subject).after.map(({ id }) => id),
    pagerIds: relevantPagers(subject).after.map(({ id }) => id),
    parity: subject.parity ?? null,
    runStartedMs,
  };
}

/** The invariants of the state in which the first `applied` migrations have run. */
export function invariantsAt(
  set: MigrationSet,
  invariants: readonly Invariant[],
  applied: number,
): readonly AskedInvariant[] {
  return invariants.filter((invariant) => isInSpan(set, invariant, applied)).map(({ id, ask }) => ({ id, ask }));
}

/** What the migration at `index` must conserve. */
export function conservationsAcross(
  set: MigrationSet,
  conservations: readonly Conservation[],
  index: number,
): readonly AskedConservation[] {
  return conservations
    .filter((conservation) => isInSpan(set, conservation, index + 1))
    .map(({ id, sql, after }) => ({ id, before: sql, after }));
}

/** The preparations for data of the state in which the first `applied` migrations have run. */
export function preparationsAt(
  set: MigrationSet,
  preparations: readonly Preparation[],
  applied: number,
): readonly Preparation[] {
  return preparations.filter((preparation) => isInSpan(set, preparation, applied));
}
