/**
 * Scenario `populated`: the plans of declared queries on tables of some thousand rows, before and after the up.
 *
 * Planners only show what they would do where there is something to choose. So the generated rows, which are few and legal, are
 * multiplied inside the database, statistics are brought up to date, and the plans are read. The up runs on the few rows, as everywhere
 * else: multiplied rows obey the schema but not every rule of the application, which an up may rightly insist on. After it the tables are
 * multiplied in the same way. A table that holds a declared index and stays small makes its queries inconclusive.
 */
import { EMPTY_DATASET, countRows, type Dataset } from '../core/dataset.ts';
import type { Database } from '../core/dialect.ts';
import { PalindromeError } from '../core/errors.ts';
import type { Parameters, PlannedQuery, PlansEvidence } from '../core/evidence.ts';
import { scriptOf } from '../core/script.ts';
import type { SchemaModel } from '../core/schema.ts';
import { count } from '../core/text.ts';
import type { Moment, Trace } from '../core/trace.ts';
import { countTables, fillTables } from './fill.ts';
import type { AskedQuery, Scenario, ScenarioCase, ScenarioRun, ScenarioSetting } from './scenario.ts';

/** Rows below which a plan says nothing. */
const ENOUGH_ROWS = 1_000;
/** A case costs thousands of rows twice, and the planner looks at statistics, not at single values. */
const MOST_CASES = 4;

export const populated: Scenario = {
  id: 'populated',
  runsBeside: true,
  leaves: 'other-rows',
  cases: (asked) => Math.min(asked, MOST_CASES),
  maxAttempts: 40,
  draw: (_setting, seed, index) => ({ seed, index }),
  simpler: (parameters) => (laterRows(parameters) === null ? [] : [null]),
  run: runPopulated,
  repro: reproOf,
};

/** Rows for tables that are new with the migration; null: the parameters hold none. */
function laterRows(parameters: Parameters): Dataset | null {
  if (typeof parameters !== 'object' || parameters === null || !('later' in parameters)) return null;
  return parameters['later'] as unknown as Dataset;
}

async function runPopulated(setting: ScenarioSetting, given: ScenarioCase): Promise<ScenarioRun> {
  const steps: string[] = [];
  const database = await setting.open();
  const { loaded, refused } = await setting.load(database, given.dataset);
  const observer = setting.observe(database);
  const before = await observer.observe('before', null);
  const [broken] = before.violations;
  if (broken !== undefined) {
    const unusable = `it broke ${broken.invariant} before the migration ran`;
    return { loaded, refused, parameters: null, traces: [], unusable };
  }
  let plansBefore: ReadonlyMap<string, PlannedQuery> = new Map();
  let migrated = database;
  if (setting.queriesBefore.length > 0) {
    const asked = await askAll(setting, database, setting.model, setting.queriesBefore, steps, 'before the up');
    plansBefore = asked.plans;
    migrated = await setting.open();
    await setting.load(migrated, loaded);
  }
  const outcome = await migrated.execute(setting.migration.up, setting.limits);
  const after = await setting.observe(migrated).observe('after-up', { direction: 'up', outcome });
  const moments: readonly Moment[] = [before, after];
  const base = { scenario: 'populated', moments, preconditionRows: 0 };
  if (outcome.status !== 'completed') {
    const trace: Trace = { ...base, endedEarly: 'the up script did not complete', evidence: null };
    return { loaded, refused, parameters: null, traces: [trace], unusable: null };
  }
  const model = await migrated.introspect();
  const later = await loadLater(setting, migrated, model, given.parameters, after);
  const { plans, filling } = await askAll(setting, migrated, model, setting.queriesAfter, steps, 'after the up');
  const rows = later === null ? '' : setting.dialect.renderRows(later, model);
  const evidence: PlansEvidence = {
    kind: 'plans',
    steps,
    queries: setting.queriesAfter.map(({ id, sql, indexes, maxCostRatio }) => ({
      id,
      sql,
      indexes,
      maxCostRatio,
      before: plansBefore.get(id) ?? null,
      after: plans.get(id) ?? null,
    })),
    filling: [rows, filling].filter((part) => part !== '').join('\n'),
  };
  const parameters = later === null ? null : { later: later as unknown as Parameters };
  return { loaded, refused, parameters, traces: [{ ...base, endedEarly: null, evidence }], unusable: null };
}

/** Rows for the tables that queries read and that are empty after the up: those that are new. Returns what went in; null: nothing. */
async function loadLater(
  setting: ScenarioSetting,
  database: Database,
  model: SchemaModel,
  parameters: Parameters,
  after: Moment,
): Promise<Dataset | null> {
  const stored = laterRows(parameters);
  const proposed = stored ?? generateLater(setting, model, parameters, after);
  if (countRows(proposed) === 0) return null;
  const { loaded } = await setting.loadAfter(database, proposed, model);
  return countRows(loaded) === 0 ? null : loaded;
}

function generateLater(
  { source, queriesAfter, dialect }: ScenarioSetting,
  model: SchemaModel,
  parameters: Parameters,
  after: Moment,
): Dataset {
  if (typeof parameters !== 'object' || parameters === null || !('seed' in parameters)) return EMPTY_DATASET;
  const isEmpty = (key: string): boolean => (after.snapshot.tables.get(key)?.rowCount ?? 0) === 0;
  const empty = new Set(queriesAfter.flatMap(({ sql }) => tablesOf(sql, dialect, model)).filter(isEmpty));
  if (empty.size === 0) return EMPTY_DATASET;
  const [seed, index] = [Number(parameters['seed']), Number(parameters['index'])];
  // Parents come along: rows of the new tables refer to them, or to rows that are there.
  return source.generate({ model, seed, index, focus: [...empty], literals: [] });
}

/** The tables that a statement names; where it names none (a view, a function), all. */
function tablesOf(sql: string, dialect: ScenarioSetting['dialect'], model: SchemaModel): readonly string[] {
  const named = dialect.mentionedTables(scriptOf(sql), model);
  return named.length > 0 ? named : model.tables.map(({ key }) => key);
}

/** Fills the tables of the queries and reads their plans. */
async function askAll(
  setting: ScenarioSetting,
  database: Database,
  model: SchemaModel,
  queries: readonly AskedQuery[],
  steps: string[],
  when: string,
): Promise<{ plans: ReadonlyMap<string, PlannedQuery>; filling: string }> {
  const tables = [...new Set(queries.flatMap(({ sql }) => tablesOf(sql, setting.dialect, model)))];
  const { filling, faults } = await fillTables(setting, database, model, tables);
  const rows = await countTables(setting, database, tables);
  steps.push(`${when}, multiply the rows → ${tables.map((key) => `${key} ${rows[key] ?? 0}`).join(', ')}`);
  const plans = new Map<string, PlannedQuery>();
  for (const query of queries) {
    const planned = await ask(setting, database, query, rows, faults);
    plans.set(query.id, planned);
    steps.push(...describe(query, planned, when));
  }
  return { plans, filling };
}

async function ask(
  { limits }: ScenarioSetting,
  database: Database,
  { id, sql, params, indexes }: AskedQuery,
  rows: Readonly<Record<string, number>>,
  faults: ReadonlyMap<string, string>,
): Promise<PlannedQuery> {
  const found = await database.findIndexes(indexes);
  const usable = found.filter(({ state }) => state === 'usable');
  if (usable.length === 0) {
    return { status: 'no-index', invalid: found.flatMap(({ name, state }) => (state === 'invalid' ? [name] : [])) };
  }
  const small = usable.find(({ table }) => table !== null && (rows[table] ?? ENOUGH_ROWS) < ENOUGH_ROWS)?.table;
  if (small != null) {
    const why = faults.get(small);
    const reason = `${small} could not be populated: it has ${count(rows[small] ?? 0, 'row')}${why === undefined ? '' : `, since ${why}`}`;
    return { status: 'unpopulated', reason };
  }
  const result = await database.explain({ sql, params, limitMs: limits.statementMs });
  if (result.status === 'failed') {
    throw new PalindromeError('query-fails', `The query "${id}" fails: ${result.fault.message}`, {
      hint: 'Give `from` and `until` so that it is asked only where its tables exist, and a value for each placeholder in `params`.',
    });
  }
  return { status: 'explained', plans: result.plans, rows, shown: result.sql };
}

function describe({ id }: AskedQuery, planned: PlannedQuery, when: string): readonly string[] {
  if (planned.status === 'no-index') return [`${when}, ${id}: no declared index can be used`];
  if (planned.status === 'unpopulated') return [`${when}, ${id}: ${planned.reason}`];
  return planned.plans.map(({ kind, nodes, cost }) => {
    const how = kind === 'kept' ? ', kept by a session' : '';
    const price = cost === null ? '' : ` (cost ${cost})`;
    return `${when}, the plan of ${id}${how}: ${nodes.map(({ text }) => text).join('; ') || 'reads no table'}${price}`;
  });
}

function reproOf(migration: ScenarioSetting['migration'], traces: readonly Trace[]): ReturnType<Scenario['repro']> {
  const [trace] = traces;
  const evidence = trace?.evidence?.kind === 'plans' ? trace.evidence : null;
  const filling = evidence?.filling ?? '';
  return {
    steps: [
      { caption: `up (${migration.name})`, script: migration.up },
      ...(filling === '' ? [] : [{ caption: 'multiply the rows', script: scriptOf(filling) }]),
    ],
    checks: (evidence?.queries ?? []).flatMap(({ id, indexes, after }) =>
      after?.status === 'explained'
        ? [{ caption: `${id} should be read by ${indexes.join(' or ')}`, sql: after.shown }]
        : [],
    ),
  };
}
