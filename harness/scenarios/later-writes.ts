/**
 * Scenario `later-writes`: up, then the application writes to the new schema, then down, and up once more.
 *
 * The writes are rows: inserts that are legal in the new schema beside the rows that are there, changes of old rows, removals. They are
 * given back as parameters, so that a failure repeats them and reduces them one by one. The last up tells what a down kept in another
 * form: what comes back with it was not lost. Where old rows differ at the end, the same rows go through up and down without any write:
 * only what the writes cost is told.
 */
import { EMPTY_DATASET, countRows, type Dataset } from '../core/dataset.ts';
import type { Attempt, Database } from '../core/dialect.ts';
import type { Parameters, WritesEvidence } from '../core/evidence.ts';
import { datasetOf, parametersOf, writesIn, type LaterWrite, type NamedCells } from '../core/later-write.ts';
import { scriptOf } from '../core/script.ts';
import { splitName } from '../core/schema-lookup.ts';
import type { SchemaModel, Table } from '../core/schema.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { compareText } from '../core/text.ts';
import type { Moment, Trace } from '../core/trace.ts';
import { movedTables } from './moved-tables.ts';
import type { Observer } from './observe.ts';
import type { Scenario, ScenarioCase, ScenarioRun, ScenarioSetting } from './scenario.ts';

/** A case costs two or three walks. */
const MOST_CASES = 8;
/** Generators start small; the first of few cases should write more than one row already. */
const LATER = 4;
/** Writes that are told step by step; a reduced case has fewer. */
const MOST_SHOWN = 8;

export const laterWrites: Scenario = {
  id: 'later-writes',
  runsBeside: true,
  cases: (asked) => Math.min(asked, MOST_CASES),
  leaves: 'last-moment',
  maxAttempts: 60,
  draw: (_setting, seed, index) => ({ seed, index }),
  simpler: simplerWrites,
  run: runLaterWrites,
  repro: reproOf,
};

/** Without the first half, the second, each write, each column that an update sets. */
function simplerWrites(parameters: Parameters): readonly Parameters[] {
  const writes = writesIn(parameters) ?? [];
  if (writes.length === 0) return [];
  const half = Math.ceil(writes.length / 2);
  const runs = writes.length > 3 ? [writes.slice(0, half), writes.slice(half)] : [];
  const without = writes.toReversed().map((write) => writes.filter((other) => other !== write));
  const narrower = writes.flatMap((write, at) =>
    write.op !== 'update' || write.columns.length < 2
      ? []
      : write.columns.map((_, column) => writes.with(at, onlyColumn(write, column))),
  );
  return [...runs, ...without.filter((rest) => rest.length > 0), ...narrower].map(parametersOf);
}

function onlyColumn(write: Extract<LaterWrite, { readonly op: 'update' }>, at: number): LaterWrite {
  return { ...write, columns: write.columns.slice(at, at + 1), row: write.row.slice(at, at + 1) };
}

async function runLaterWrites(setting: ScenarioSetting, given: ScenarioCase): Promise<ScenarioRun> {
  const stored = writesIn(given.parameters);
  let walk = await walkUp(setting, given.dataset);
  // An up may refuse rows that it declares; writes after it are worth looking at even so.
  if (stored === null && !isUp(walk)) walk = await walkUp(setting, EMPTY_DATASET);
  const base = { loaded: walk.loaded, refused: walk.refused };
  const unusable = whyUnusable(walk.moments);
  if (unusable !== null) return { ...base, parameters: null, traces: [], unusable };
  const up = walk.moments.at(-1);
  if (up === undefined || !isUp(walk) || setting.migration.down === null) {
    const traces = [traceOf(walk.moments, 'the up script did not complete', null)];
    return { ...base, parameters: null, traces, unusable: null };
  }
  const model = await walk.database.introspect();
  const wanted = wantedTables(setting, model);
  const proposed = stored ?? draw(setting, model, given.parameters, wanted);
  const attempts = stored === null ? [proposed, proposed.filter(({ op }) => op === 'insert')] : [proposed];
  let current: Walk | null = walk;
  for (const writes of attempts) {
    // Writes that broke an invariant are no application's: the rows start again, with fewer.
    current ??= await walkUp(setting, walk.loaded);
    const written = await writeAll(setting, current.database, model, writes);
    const after = await current.observer.observe('after-writes', up.step);
    const broken = after.violations[0];
    if (broken !== undefined) {
      current = null;
      continue;
    }
    const run: Written = { walk: { ...current, moments: [...current.moments, after] }, model, wanted, written };
    return { ...base, parameters: parametersOf(written), traces: [await goBack(setting, run)], unusable: null };
  }
  return { ...base, parameters: null, traces: [], unusable: 'the later writes broke an invariant' };
}

interface Walk {
  readonly database: Database;
  readonly observer: Observer;
  readonly moments: readonly Moment[];
  readonly loaded: Dataset;
  readonly refused: ScenarioRun['refused'];
}

interface Written {
  readonly walk: Walk;
  readonly model: SchemaModel;
  readonly wanted: readonly string[];
  readonly written: readonly LaterWrite[];
}

async function walkUp(setting: ScenarioSetting, dataset: Dataset): Promise<Walk> {
  const database = await setting.open();
  const { loaded, refused } = await setting.load(database, dataset);
  const observer = setting.observe(database);
  const before = await observer.observe('before', null);
  const outcome = await database.execute(setting.migration.up, setting.limits);
  const up = await observer.observe('after-up', { direction: 'up', outcome });
  return { database, observer, moments: [before, up], loaded, refused };
}

function isUp({ moments }: Walk): boolean {
  return moments.at(-1)?.step?.outcome.status === 'completed';
}

function whyUnusable([before]: readonly Moment[]): string | null {
  const broken = before?.violations[0];
  return broken === undefined ? null : `it broke ${broken.invariant} before the migration ran`;
}

function traceOf(moments: readonly Moment[], endedEarly: string | null, evidence: WritesEvidence | null): Trace {
  return { scenario: 'later-writes', moments, endedEarly, preconditionRows: 0, evidence };
}

/** Tables that either script mentions or that only the new schema has; where there is none, the first two. */
function wantedTables({ migration, dialect, model }: ScenarioSetting, after: SchemaModel): readonly string[] {
  const scripts = migration.down === null ? [migration.up] : [migration.up, migration.down];
  const mentioned = new Set(scripts.flatMap((script) => dialect.mentionedTables(script, after)));
  const old = new Set(model.tables.map(({ key }) => key));
  const open = after.tables
    .filter((table) => table.notInsertable === null && !isNobodys(table, migration))
    .map(({ key }) => key);
  const wanted = open.filter((key) => mentioned.has(key) || !old.has(key));
  return wanted.length > 0 ? wanted : open.slice(0, 2);
}

/** A table all of whose later rows may be lost by declaration is no application's. */
function isNobodys({ schema, name }: Table, { declarations }: ScenarioSetting['migration']): boolean {
  return declarations.lossy.some(({ column }) => {
    const parts = splitName(column);
    return parts.pop() === '*' && parts.join('\0') === [schema, name].slice(-parts.length).join('\0');
  });
}

function draw(
  { source, migration, model: earlier }: ScenarioSetting,
  model: SchemaModel,
  parameters: Parameters,
  wanted: readonly string[],
): readonly LaterWrite[] {
  if (typeof parameters !== 'object' || parameters === null || !('seed' in parameters) || wanted.length === 0)
    return [];
  const [seed, index] = [Number(parameters['seed']), Number(parameters['index'])];
  const writes = source.laterWrites(
    { model, seed: seed + 1, index: index + LATER, focus: wanted, literals: [] },
    earlier,
  );
  const forbidden = new Set(model.tables.filter((table) => isNobodys(table, migration)).map(({ key }) => key));
  return writes.filter(({ table }) => !forbidden.has(table));
}

/** Writes what the database accepts, and returns it. */
async function writeAll(
  setting: ScenarioSetting,
  database: Database,
  model: SchemaModel,
  writes: readonly LaterWrite[],
): Promise<readonly LaterWrite[]> {
  const proposed = datasetOf(writes);
  const loaded = countRows(proposed) === 0 ? proposed : (await setting.loadAfter(database, proposed, model)).loaded;
  const inserted = loaded.tables.flatMap(({ table, columns, rows }) =>
    rows.map((row): LaterWrite => ({ op: 'insert', table, columns, row })),
  );
  const changes = writes.filter(({ op }) => op !== 'insert');
  const results = await database.attempt(
    changes.map((change): Attempt => ({ statements: [render(setting, change)], look: null, ends: 'commit' })),
  );
  const changed = changes.filter((_, at) => results[at]?.fault === null);
  if (changed.length > 0) await setting.loadAfter(database, EMPTY_DATASET, model);
  return [...inserted, ...changed];
}

function render({ dialect }: ScenarioSetting, change: LaterWrite): string {
  const pairs = ({ columns, row }: NamedCells): string[] =>
    columns.map((name, at) => `${dialect.quoteIdentifier(name)} = ${dialect.renderCell(row[at] ?? null)}`);
  if (change.op === 'insert') {
    const names = change.columns.map((name) => dialect.quoteIdentifier(name)).join(', ');
    const cells = change.row.map((cell) => dialect.renderCell(cell)).join(', ');
    return `INSERT INTO ${change.table} (${names}) VALUES (${cells})`;
  }
  const where = pairs(change.key).join(' AND ');
  return change.op === 'delete'
    ? `DELETE FROM ${change.table} WHERE ${where}`
    : `UPDATE ${change.table} SET ${pairs(change).join(', ')} WHERE ${where}`;
}

/** Down, and up once more; then what it takes to tell what the writes cost. */
async function goBack(setting: ScenarioSetting, { walk, model, wanted, written }: Written): Promise<Trace> {
  const { database, observer } = walk;
  const { up, down } = setting.migration;
  const moments = [...walk.moments];
  const [before, , afterWrites] = moments;
  if (down === null || before === undefined || afterWrites === undefined) throw new Error('there is no way back');
  const evidence: WritesEvidence = {
    kind: 'writes',
    steps: written.slice(0, MOST_SHOWN).map((each) => `the application wrote: ${render(setting, each)}`),
    written: written.map((each) => `${render(setting, each)};`),
    insertedInto: tablesOf(written.filter(({ op }) => op === 'insert')),
    wanted,
    moved: [],
    without: null,
  };
  const outcome = await database.execute(down, setting.limits);
  const afterDown = await observer.observe('after-down', { direction: 'down', outcome });
  moments.push(afterDown);
  if (outcome.status !== 'completed') return traceOf(moments, 'the down script did not complete', evidence);
  const again = await database.execute(up, setting.limits);
  moments.push(await observer.observe('after-reup', { direction: 'up', outcome: again }));
  const moved = await movedTables(setting, model, moments[1]?.snapshot, afterWrites.snapshot);
  const without = isMissingOldRows(before.snapshot, afterDown.snapshot)
    ? await walkWithoutWrites(setting, walk.loaded)
    : null;
  return traceOf(moments, null, { ...evidence, moved, without });
}

function tablesOf(writes: readonly LaterWrite[]): readonly string[] {
  return [...new Set(writes.map(({ table }) => table))].toSorted(compareText);
}

function isMissingOldRows(before: Snapshot, after: Snapshot): boolean {
  return [...before.tables].some(([key, { digest, rows, columns }]) => {
    const now = after.tables.get(key);
    if (now === undefined) return true;
    if (now.digest === digest) return false;
    const places = columns.map((name) => now.columns.indexOf(name));
    const there = new Set((now.rows ?? []).map((row) => JSON.stringify(places.map((at) => row[at] ?? null))));
    return (rows ?? []).some((row) => !there.has(JSON.stringify(row)));
  });
}

async function walkWithoutWrites(setting: ScenarioSetting, loaded: Dataset): Promise<Snapshot | null> {
  const { database, observer } = await walkUp(setting, loaded);
  const { down } = setting.migration;
  if (down === null) return null;
  const outcome = await database.execute(down, setting.limits);
  if (outcome.status !== 'completed') return null;
  return (await observer.observe('after-down', { direction: 'down', outcome })).snapshot;
}

function reproOf(migration: ScenarioSetting['migration'], [trace]: readonly Trace[]): ReturnType<Scenario['repro']> {
  const evidence = trace?.evidence?.kind === 'writes' ? trace.evidence : null;
  const tables = [...(trace?.moments[0]?.snapshot.tables.keys() ?? [])];
  const written = evidence?.written ?? [];
  return {
    steps: [
      { caption: `up (${migration.name})`, script: migration.up },
      ...(written.length === 0
        ? []
        : [{ caption: 'the application writes to the new schema', script: scriptOf(written.join('\n')) }]),
      ...(migration.down === null ? [] : [{ caption: `down (${migration.name})`, script: migration.down }]),
    ],
    checks: tables
      .slice(0, 6)
      .map((table) => ({ caption: `what is left of ${table}`, sql: `SELECT * FROM ${table};` })),
  };
}
