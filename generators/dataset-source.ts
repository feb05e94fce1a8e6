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
import type { Dataset } from '../harness/core/dataset.ts';
import type { SchemaModel } from '../harness/core/schema.ts';
import { loadParser } from './checks/parse.ts';
import type { DatasetConfig } from './datasets/dataset-generator.ts';
import { GivenDatasets } from './datasets/given-rows.ts';
import { settleDataset } from './datasets/settle.ts';
import { arbitraryFrom, sampleOnce } from './draw.ts';
import { breakingCells } from './breaking-cells.ts';
import { withFreshKeys } from './fresh-keys.ts';
import { makeLaterWrites } from './later-writes.ts';
import { makeInterleaving } from './interleavings.ts';
import { findLimits } from './limits.ts';
import { noveltiesOf } from './novelties.ts';
import { makeOverrides } from './overrides.ts';
import { ModelPlanner } from './plan/model-plan.ts';
import type { ModelPlan } from './plan/table-plan.ts';
import { makeDataset } from './rows/make-dataset.ts';
import { simplerTexts } from './simpler.ts';

export interface DatasetSourceOptions {
  /** Arbitraries by column: `users.email`, `public.users.email`, quoted or not. Values become cells; see `overrides.ts`. */
  readonly overrides?: Readonly<Record<string, fc.Arbitrary<unknown>>>;
  /** Generators of rows that belong together. */
  readonly datasets?: readonly DatasetConfig[];
  /** Most rows of one generated table in a case; 10 if not given. */
  readonly maxRowsPerTable?: number;
}

const DEFAULT_MAX_ROWS = 10;
/** The first cases of a campaign have a row or two, which is too few to turn pages through. */
const ENOUGH_ROWS = 12;

/**
 * Loads the parser and makes a source. Plans are kept for as long as their model is.
 * @throws PalindromeError `generator-value` (from `generate` and `settle`) where an override or a dataset gives a value that cannot become a
 * cell, `dataset-invalid` where a dataset gives no rows by table.
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
  const datasets = options.datasets ?? [];
  const givenDatasets = new GivenDatasets(datasets);
  const maxRowsPerTable = Math.max(1, options.maxRowsPerTable ?? DEFAULT_MAX_ROWS);
  const source: DatasetSource = {
    generate: ({ model, seed, index, focus, literals, swarm }: CaseRequest) => {
      const plan = planOf(model);
      // Datasets draw from a stream of their own, so that the rows around them do not depend on how much they draw.
      const given = sampleOnce(
        arbitraryFrom((draw) => givenDatasets.draw(model, plan, draw, index)),
        deriveSeed(seed, 'datasets', index),
      );
      const settings = { index, focus, literals, swarm, maxRowsPerTable, given };
      return sampleOnce(
        arbitraryFrom((draw) => makeDataset(plan, draw, settings)),
        deriveSeed(seed, 'dataset', index),
      );
    },
    laterWrites: (request, earlier) =>
      sampleOnce(
        arbitraryFrom((draw) => {
          const rows = laterRows(source, request, datasets.length > 0);
          return makeLaterWrites(request.model, rows, noveltiesOf(earlier, request.model), request.index, draw);
        }),
        deriveSeed(request.seed, 'later-writes', request.index),
      ),
    interleaving: (request) => {
      const table = request.model.tables.find(({ key }) => key === request.table);
      if (table === undefined) throw new Error(`The schema has no table ${request.table}.`);
      const focus = [table.key];
      const seed = deriveSeed(request.seed, 'interleaved-rows');
      const { tables } = source.generate({ ...request, seed, index: request.index + ENOUGH_ROWS, focus });
      return sampleOnce(
        arbitraryFrom((draw) => makeInterleaving(request, table, tables, draw)),
        deriveSeed(request.seed, 'interleaving', request.index),
      );
    },
    breakingCells,
    settle: (model, dataset) => settleDataset(datasets, model, planOf(model), dataset),
    unknownNames: () => givenDatasets.names.neverFound(),
    simplerCells: (model, table, column, current) => simplerTexts(planOf(model), table, column, current),
    limits: (model) => findLimits(planOf(model)),
  };
  return source;
}

/** Rows beside those that are there. What users' datasets give stands alone, with keys of its own. */
function laterRows(source: DatasetSource, request: CaseRequest, hasDatasets: boolean): Dataset {
  if (!hasDatasets) return source.generate(request);
  const tables = request.model.tables.map((table) => ({ ...table, existing: [] }));
  return withFreshKeys(request.model, source.generate({ ...request, model: { ...request.model, tables } }));
}
