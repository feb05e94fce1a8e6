/**
 * Reducing a failing case: what else decides it first, since fewer steps make every later attempt cheaper, and then its rows. Where the two hold each other
 * up (a smaller page shows nothing as long as there is a row too many, and one row less nothing as long as pages are that large), they are
 * made smaller together.
 */
import { countRows, type Dataset } from '../core/dataset.ts';
import type { Parameters } from '../core/evidence.ts';
import { reduceDataset, type ReductionRequest } from './reduce.ts';

/** Rows up to which each two of them are taken away together. */
const FEW_ROWS = 5;

/** A run that still fails. */
interface FailingRun {
  /** The rows that were really there. */
  readonly loaded: Dataset;
  /** Completed by what the run saw; absent: as they were given. */
  readonly parameters?: Parameters;
}

export interface CaseReductionRequest extends Omit<ReductionRequest, 'attempt'> {
  readonly parameters: Parameters;
  /** Simpler parameters, simplest first; null: rows alone decide. */
  readonly simpler: ((parameters: Parameters) => readonly Parameters[]) | null;
  /** Whether rows and parameters may hold each other up. */
  readonly isTogether: boolean;
  /** Null: the failure is gone. */
  readonly attempt: (dataset: Dataset, parameters: Parameters) => Promise<FailingRun | null>;
}

export interface CaseReduction {
  readonly dataset: Dataset;
  readonly parameters: Parameters;
  /** Reductions that kept the failure. */
  readonly shrinks: number;
}

/** Finds a small case on which the failure persists. */
export async function reduceCase(request: CaseReductionRequest): Promise<CaseReduction> {
  const { simpler, isTogether, maxAttempts } = request;
  const state = { dataset: request.dataset, parameters: request.parameters, attempts: 0, shrinks: 0 };
  /** What a run showed: rows as they were asked for, so that those that a database refuses do not count as taken away. */
  const attempt = async (dataset: Dataset, parameters: Parameters): Promise<FailingRun | null> => {
    if (state.attempts >= maxAttempts) return null;
    state.attempts++;
    const run = await request.attempt(dataset, parameters);
    if (run === null) return null;
    // A run may complete what it was given: by what it saw, where no two runs are the same.
    state.parameters = run.parameters ?? parameters;
    state.shrinks++;
    return run;
  };
  const reduceParameters = async (): Promise<boolean> => {
    const before = state.shrinks;
    for (let isSimpler = simpler !== null; isSimpler;) {
      isSimpler = false;
      for (const candidate of simpler?.(state.parameters) ?? []) {
        isSimpler = (await attempt(state.dataset, candidate)) !== null;
        if (isSimpler) break;
      }
    }
    return state.shrinks > before;
  };
  const reduceRows = async (): Promise<void> => {
    const { dataset } = await reduceDataset({
      ...request,
      dataset: state.dataset,
      maxAttempts: maxAttempts - state.attempts,
      attempt: async (candidate) => (await attempt(candidate, state.parameters))?.loaded ?? null,
    });
    state.dataset = dataset;
  };
  const reduceBoth = async (): Promise<boolean> => {
    const given = state.parameters;
    const fewer = withOneRowLess(state.dataset);
    // A page of two rows goes as a whole, or those after it are cut elsewhere.
    const pairs = countRows(state.dataset) > FEW_ROWS ? [] : fewer.flatMap(withOneRowLess);
    const tries = [
      ...pairs.map((dataset) => [dataset, given] as const),
      ...(simpler?.(given) ?? []).flatMap((candidate) => fewer.map((dataset) => [dataset, candidate] as const)),
    ];
    for (const [dataset, parameters] of tries) {
      const run = await attempt(dataset, parameters);
      if (run === null) continue;
      state.dataset = run.loaded;
      return true;
    }
    return false;
  };
  await reduceParameters();
  await reduceRows();
  const reduceFurther = async (): Promise<boolean> => (await reduceParameters()) || reduceBoth();
  if (isTogether) while (await reduceFurther()) await reduceRows();
  return { dataset: state.dataset, parameters: state.parameters, shrinks: state.shrinks };
}

function withOneRowLess({ tables }: Dataset): readonly Dataset[] {
  return tables.flatMap((table, at) =>
    table.rows.map((_, row) => ({ tables: tables.with(at, { ...table, rows: table.rows.toSpliced(row, 1) }) })),
  );
}
