/**
 * Cases of a scenario of its own, in the form in which the campaign confirms, reduces and replays: with databases from the bench.
 */
import type { Database } from '../core/dialect.ts';
import { makeObserver } from '../scenarios/observe.ts';
import type { Scenario, ScenarioSetting } from '../scenarios/scenario.ts';
import { relevantPagers } from './relevant-pagers.ts';
import { relevantQueries } from './relevant-queries.ts';
import { type CaseSetting, wayDownOf } from './run-case.ts';
import { invariantsAt, maxRowsPerTable, preparationsAt, type RunCase } from './subject.ts';

export interface ScenarioCaseSetting extends CaseSetting {
  readonly mentioned: ReadonlySet<string>;
}

/** Makes the function that runs cases of a scenario for one migration. Every run gets a new clone, or one that was brought back. */
export function makeScenarioRunner(scenario: Scenario, setting: ScenarioCaseSetting): RunCase {
  const isReversible = scenario.leaves !== undefined;
  const open = async (): Promise<Database> => {
    if (!isReversible) return setting.bench.clone();
    const database = await setting.bench.fresh();
    // Until the scenario has ended, nobody knows what it did to it.
    setting.bench.left(null, wayDownOf(setting));
    return database;
  };
  const resolved = { ...settingOf(setting), open };
  return async (dataset, { parameters }) => {
    const run = await scenario.run(resolved, { dataset, parameters: parameters ?? null });
    const last = scenario.leaves === 'last-moment' ? run.traces.at(-1)?.moments.at(-1)?.snapshot : undefined;
    // What another scenario left, nobody knows: the next user gets a new clone.
    setting.bench.left(last ?? null, isReversible ? wayDownOf(setting) : undefined);
    return run;
  };
}

/** What a scenario sees of a migration. */
export function settingOf({
  planned,
  migration,
  index,
  model,
  bench,
  mentioned,
}: ScenarioCaseSetting): ScenarioSetting {
  const queries = relevantQueries({ planned, migration, index, model, mentioned });
  const pagers = relevantPagers({ planned, migration, index, model, mentioned });
  const { set, dialect, source, limits, preparations, invariants } = planned;
  const prepare = async (database: Awaited<ReturnType<typeof bench.clone>>, applied: number): Promise<void> => {
    for (const { sql } of preparationsAt(set, preparations, applied)) await database.run(sql);
  };
  return {
    dialect,
    engine: bench.engine,
    migration,
    model,
    mentioned,
    source,
    limits,
    tool: set.tool,
    whyNoCrash: bench.whyNoCrash,
    queriesBefore: queries.before,
    queriesAfter: queries.after,
    pagersAfter: pagers.after,
    pagersBefore: pagers.before,
    open: () => bench.clone(),
    current: () => bench.current(),
    async load(database, dataset) {
      const result = await database.load(dataset, model);
      await prepare(database, index);
      return result;
    },
    async loadAfter(database, dataset, modelAfter) {
      const result = await database.load(dataset, modelAfter);
      await prepare(database, index + 1);
      return result;
    },
    observe: (database) =>
      makeObserver({
        database,
        maxRowsPerTable,
        projections: [],
        invariantsBefore: invariantsAt(set, invariants, index),
        invariantsAfter: invariantsAt(set, invariants, index + 1),
        conservations: [],
        queryLimitMs: limits.statementMs,
      }),
  };
}
