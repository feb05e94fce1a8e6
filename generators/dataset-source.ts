/**
 * Generators: datasets that are legal in a schema, biased to where migrations break.
 *
 * A model is planned once (`plan/`): the arbitraries of each column (`values/`), the checks parsed with PostgreSQL's own grammar into
 * wishes and judgements (`checks/`), the tables in groups with parents first. Each case then draws its rows from one stream of
 * fast-check's generator (`rows/`). The folder imports only `harness/core`. Its invariant: a dataset is a function of model, seed, index
 * and options alone, the same on every machine.
 */
import type * as fc from 'fast-check';
import type { CaseRequest, DatasetSource } from '../harness/core/case.ts';
import { deriveSeed } from '../harness/core/hash.ts';
import type { SchemaModel } from '../harness/core/schema.ts';
import { loadParser } from './checks/parse.ts';
import { arbitraryFrom, sampleOnce } from './draw.ts';
import { findLimits } from './limits.ts';
import { makeOverrides } from './overrides.ts';
import { ModelPlanner } from './plan/model-plan.ts';
import type { ModelPlan } from './plan/table-plan.ts';
import { makeDataset } from './rows/make-dataset.ts';
import { simplerTexts } from './simpler.ts';

export interface DatasetSourceOptions {
  /** Arbitraries by column: `users.email`, `public.users.email`, quoted or not. Values become cells; see `overrides.ts`. */
  readonly overrides?: Readonly<Record<string, fc.Arbitrary<unknown>>>;
  /** Most rows of one table in a case; 10 if not given. */
  readonly maxRowsPerTable?: number;
}

const DEFAULT_MAX_ROWS = 10;

/**
 * Loads the parser and makes a source. Plans are kept for as long as their model is.
 * @throws PalindromeError `generator-value` (from `generate`) where an override gives a value that cannot become a cell.
 */
export async function createDatasetSource(options: DatasetSourceOptions): Promise<DatasetSource> {
  await loadParser();
  const planner = new ModelPlanner(makeOverrides(options.overrides ?? {}));
  const plans = new WeakMap<SchemaModel, ModelPlan>();
  const planOf = (model: SchemaModel): ModelPlan => {
    const known = plans.get(model);
    if (known !== undefined) return known;
    const made = planner.plan(model);
    plans.set(model, made);
    return made;
  };
  const maxRowsPerTable = Math.max(1, options.maxRowsPerTable ?? DEFAULT_MAX_ROWS);
  return {
    generate: ({ model, seed, index, focus, literals }: CaseRequest) => {
      const plan = planOf(model);
      const settings = { index, focus, literals, maxRowsPerTable };
      return sampleOnce(
        arbitraryFrom((draw) => makeDataset(plan, draw, settings)),
        deriveSeed(seed, 'dataset', index),
      );
    },
    simplerCells: (model, table, column, current) => simplerTexts(planOf(model), table, column, current),
    limits: (model) => findLimits(planOf(model)),
  };
}
