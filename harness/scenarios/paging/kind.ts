/** What kinds of cases share. */
import type { Dataset } from '../../core/dataset.ts';
import type { Refusal } from '../../core/dialect.ts';
import type { Parameters } from '../../core/evidence.ts';
import type { Pager } from '../../core/pager.ts';
import type { CodecProbe, PagePlan, PagingHistory } from '../../core/paging-history.ts';
import type { ScenarioSetting } from '../scenario.ts';
import type { PagingBench } from './bench.ts';
import type { PagedTable } from './paged-table.ts';

/** Where a case happens. */
export interface PagingGround {
  readonly setting: ScenarioSetting;
  readonly bench: PagingBench;
  readonly paged: PagedTable;
}

export interface KindRun {
  readonly loaded: Dataset;
  readonly refused: readonly Refusal[];
  /** Complete: given back with the rows, they do the same again. */
  readonly parameters: Readonly<Record<string, Parameters>>;
  readonly histories: readonly PagingHistory[];
  readonly codec: readonly CodecProbe[];
  readonly plans: readonly PagePlan[];
  /** What was done, one line each. */
  readonly steps: readonly string[];
  /** What shows it in the database's own shell, after the up. */
  readonly shown: string;
  /** The same before the up, where it begins there; absent: it does not. */
  readonly shownBefore?: string;
  /** Why the case says nothing; null: it does. */
  readonly unusable: string | null;
}

export interface PagingKind {
  readonly id: string;
  /** Whether it can be asked of the pager there. */
  isFor(pager: Pager, setting: ScenarioSetting): boolean;
  /** Cases for one pager that it is worth; absent: as many as there are. */
  readonly most?: number;
  /** In one of so many turns through all kinds; absent: in each. */
  readonly every?: number;
  /** Simpler parameters, simplest first. */
  simpler(parameters: Readonly<Record<string, Parameters>>): readonly Readonly<Record<string, Parameters>>[];
  /** `parameters` hold `seed` and `index`, or are those that a run gave back: then `rows` are those that it loaded. */
  run(ground: PagingGround, parameters: Readonly<Record<string, Parameters>>, rows: Dataset): Promise<KindRun>;
}

/** The seed and index of a case that is still to be drawn; null: its parameters are complete. */
export function drawnFrom(parameters: Readonly<Record<string, Parameters>>): { seed: number; index: number } | null {
  const { seed, index } = parameters;
  return typeof seed === 'number' && typeof index === 'number' ? { seed, index } : null;
}
