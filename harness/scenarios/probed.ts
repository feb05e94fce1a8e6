/**
 * Scenario `probed`: what the constraints of a state are worth, after the up and, on another clone, after up and down.
 *
 * Catalogs say which constraints there are. This scenario tries them: rows that exactly one of them forbids, parents that go, indexes
 * compared with their tables, rows that contradict a constraint. Looked at are the tables that a script mentions, that differ from before
 * or that are new; in every tenth case all. After the down it is the constraints of the old schema that must work.
 */
import { diffCatalogs } from '../core/catalog.ts';
import { splitName } from '../core/schema-lookup.ts';
import type { Database } from '../core/dialect.ts';
import type { Disagreement, Probe, ProbesEvidence } from '../core/evidence.ts';
import { datasetOf } from '../core/later-write.ts';
import type { SchemaModel, Table } from '../core/schema.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { count } from '../core/text.ts';
import type { Moment, Trace } from '../core/trace.ts';
import { scriptOf } from '../core/script.ts';
import { probeActions } from './probe-actions.ts';
import { probeTable, type ProbeSetting } from './probe-constraints.ts';
import type { Scenario, ScenarioCase, ScenarioRun, ScenarioSetting } from './scenario.ts';

/** Constraints do not hang on values much: a few cases find a row for each. */
const MOST_CASES = 4;
const ALL_EVERY = 10;
/** Where generators start small, tables would hold one row: a key needs two. */
const LATER = 6;

export const probed: Scenario = {
  id: 'probed',
  runsBeside: false,
  cases: (asked) => Math.min(asked, MOST_CASES),
  leaves: 'other-rows',
  maxAttempts: 30,
  draw: (_setting, seed, index) => ({ seed, index }),
  simpler: () => [],
  run: runProbed,
  repro: reproOf,
};

async function runProbed(setting: ScenarioSetting, given: ScenarioCase): Promise<ScenarioRun> {
  const { migration } = setting;
  const database = await setting.open();
  const { loaded, refused } = await setting.load(database, given.dataset);
  const observer = setting.observe(database);
  const before = await observer.observe('before', null);
  const { parameters } = given;
  const result = { loaded, refused, parameters };
  const broken = before.violations[0];
  if (broken !== undefined)
    return { ...result, traces: [], unusable: `it broke ${broken.invariant} before the migration ran` };
  const outcome = await database.execute(migration.up, setting.limits);
  const up = await observer.observe('after-up', { direction: 'up', outcome });
  const moments: Moment[] = [before, up];
  if (outcome.status !== 'completed')
    return { ...result, traces: [traceOf(moments, 'the up script did not complete', null)], unusable: null };
  const after = await database.introspect();
  const isWhole = numberIn(parameters, 'index') % ALL_EVERY === ALL_EVERY - 1;
  const touched = tablesToProbe(setting, after, before.snapshot, up.snapshot, isWhole);
  const first = await probeState(setting, database, after, 'after-up', touched, parameters);
  const second = await afterDown(setting, given, moments, touched);
  const probes = [...first.probes, ...second.probes];
  const evidence: ProbesEvidence = {
    kind: 'probes',
    steps: probes
      .filter(({ outcome: seen }) => seen === 'broken')
      .map(({ at, sql, instead }) => `${at}: ${sql ?? ''} → ${instead ?? ''}`),
    probes,
    disagreements: [...first.disagreements, ...second.disagreements],
  };
  return { ...result, traces: [traceOf(moments, null, evidence)], unusable: null };
}

interface Probed {
  readonly probes: readonly Probe[];
  readonly disagreements: readonly Disagreement[];
}

const NOTHING: Probed = { probes: [], disagreements: [] };

/** The same rows in another clone, up and down; adds its last moment. */
async function afterDown(
  setting: ScenarioSetting,
  given: ScenarioCase,
  moments: Moment[],
  touched: ReadonlySet<string>,
): Promise<Probed> {
  const { up, down } = setting.migration;
  if (down === null || setting.migration.declarations.irreversible !== null) return NOTHING;
  const database = await setting.open();
  await setting.load(database, given.dataset);
  const first = await database.execute(up, setting.limits);
  if (first.status !== 'completed') return NOTHING;
  const outcome = await database.execute(down, setting.limits);
  const moment = await setting.observe(database).observe('after-down', { direction: 'down', outcome });
  moments.push(moment);
  if (outcome.status !== 'completed') return NOTHING;
  const there = { ...setting.model, tables: setting.model.tables.filter(({ key }) => moment.snapshot.tables.has(key)) };
  return probeState(setting, database, there, 'after-down', touched, given.parameters);
}

function traceOf(moments: readonly Moment[], endedEarly: string | null, evidence: ProbesEvidence | null): Trace {
  return { scenario: 'probed', moments, endedEarly, preconditionRows: 0, evidence };
}

function numberIn(parameters: ScenarioCase['parameters'], name: 'seed' | 'index'): number {
  if (typeof parameters !== 'object' || parameters === null || !(name in parameters)) return 0;
  return Number((parameters as Readonly<Record<string, unknown>>)[name]);
}

function tablesToProbe(
  { model, migration, dialect, mentioned }: ScenarioSetting,
  after: SchemaModel,
  before: Snapshot,
  up: Snapshot,
  isWhole: boolean,
): ReadonlySet<string> {
  const all = [...model.tables, ...after.tables].map(({ key }) => key);
  if (isWhole) return new Set(all);
  const scripts = migration.down === null ? [migration.up] : [migration.up, migration.down];
  const named = new Set([...mentioned, ...scripts.flatMap((script) => dialect.mentionedTables(script, after))]);
  const was = shapes(before);
  const is = shapes(up);
  const changed = changedNames(before, up);
  const rests = (key: string): boolean => changed.some((name) => is.get(key)?.includes(name) === true);
  return new Set(all.filter((key) => named.has(key) || was.get(key) !== is.get(key) || rests(key)));
}

/** Functions, types and whatever else belongs to no table and differs: indexes and checks may rest on it. */
function changedNames(before: Snapshot, up: Snapshot): readonly string[] {
  return diffCatalogs(before.catalog, up.catalog)
    .filter(({ table }) => table === null)
    .map(({ name }) => splitName(name.replace(/\(.*$/s, '')).at(-1) ?? name);
}

/** Each table's objects as one text. */
function shapes({ catalog }: Snapshot): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { table, kind, name, attributes } of catalog.objects)
    if (table !== null) texts.set(table, `${texts.get(table) ?? ''}\n${JSON.stringify([kind, name, attributes])}`);
  return texts;
}

/** Looks for disagreements, adds rows, and probes. */
async function probeState(
  setting: ScenarioSetting,
  database: Database,
  model: SchemaModel,
  at: Probe['at'],
  touched: ReadonlySet<string>,
  parameters: ScenarioCase['parameters'],
): Promise<Probed> {
  const { dialect, source, limits } = setting;
  const tables = model.tables.filter(({ key, notInsertable }) => touched.has(key) && notInsertable === null);
  if (tables.length === 0) return NOTHING;
  const disagreements = await findDisagreements(setting, database, tables, at);
  const [seed, index] = [numberIn(parameters, 'seed') + 2, numberIn(parameters, 'index') + LATER];
  const existing = at === 'after-up' ? model : await database.introspect();
  const writes = source.laterWrites(
    { model: existing, seed, index, focus: tables.map(({ key }) => key), literals: [] },
    existing,
  );
  // Users' datasets give rows that belong together, in keys of their own where the others already stand.
  const generated = source.generate({
    model: existing,
    seed,
    index,
    focus: tables.map(({ key }) => key),
    literals: [],
  });
  for (const more of [generated, datasetOf(writes)])
    await (at === 'after-up' ? setting.loadAfter(database, more, existing) : database.load(more, existing));
  const probe: ProbeSetting = { database, dialect, source, model, at, queryLimitMs: limits.statementMs };
  const probes: Probe[] = [];
  for (const table of tables) probes.push(...(await probeTable(probe, table)), ...(await probeActions(probe, table)));
  return { probes, disagreements };
}

/** Rows that contradict a constraint, and what the database's own checks find. */
async function findDisagreements(
  { dialect, limits }: ScenarioSetting,
  database: Database,
  tables: readonly Table[],
  at: Probe['at'],
): Promise<readonly Disagreement[]> {
  const found: Disagreement[] = (await database.examine(tables.map(({ key }) => key))).map((each) => ({ at, ...each }));
  const ask = async (object: string, sql: string): Promise<void> => {
    const result = await database.query(sql, 1, limits.statementMs);
    const rows = result.status === 'rows' ? Number(result.rows[0]?.[0] ?? 0) : 0;
    if (rows > 0)
      found.push({ at, object, message: `${count(rows, 'row')} that it forbids ${rows === 1 ? 'is' : 'are'} there` });
  };
  for (const table of tables) {
    for (const check of table.checks.filter(({ isValidated }) => isValidated))
      await ask(
        `check ${check.name} of ${table.key}`,
        `SELECT count(*) FROM ${table.key} WHERE (${check.sql}) IS FALSE`,
      );
    for (const key of table.foreignKeys.filter(({ isEnforced, match }) => isEnforced && match === 'simple')) {
      const names = key.columns.map((name) => dialect.quoteIdentifier(name));
      const parent = key.refColumns
        .map((name, place) => `parent.${dialect.quoteIdentifier(name)} = child.${names[place] ?? ''}`)
        .join(' AND ');
      const filled = names.map((name) => `child.${name} IS NOT NULL`).join(' AND ');
      await ask(
        `foreign key ${key.name} of ${table.key}`,
        `SELECT count(*) FROM ${table.key} child WHERE ${filled} AND NOT EXISTS (SELECT 1 FROM ${key.refTable} parent WHERE ${parent})`,
      );
    }
  }
  return found;
}

function reproOf(migration: ScenarioSetting['migration'], [trace]: readonly Trace[]): ReturnType<Scenario['repro']> {
  const evidence = trace?.evidence?.kind === 'probes' ? trace.evidence : null;
  const broken = evidence?.probes.find(({ outcome }) => outcome === 'broken');
  const goesDown =
    broken?.at === 'after-down' || (broken === undefined && evidence?.disagreements[0]?.at === 'after-down');
  return {
    steps: [
      { caption: `up (${migration.name})`, script: migration.up },
      ...(goesDown && migration.down !== null ? [{ caption: `down (${migration.name})`, script: migration.down }] : []),
      ...(broken?.sql == null
        ? []
        : [
            {
              caption: `${broken.constraint}: ${broken.instead ?? ''} (on the rows of your own that it fits)`,
              script: scriptOf(`${broken.sql};`),
            },
          ]),
    ],
    checks: [...new Set(broken === undefined ? [] : [broken.table])].map((table) => ({
      caption: `what is in ${table}`,
      sql: `SELECT * FROM ${table};`,
    })),
  };
}
