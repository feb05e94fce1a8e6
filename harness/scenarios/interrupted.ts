/**
 * Scenario `interrupted`: a script dies at a point, what was left is looked at, and the script is run again as its tool would.
 *
 * Points are not drawn: `plan` lists every one of both scripts, and the campaign visits them in order, a few of them with the same rows. On
 * these the script also runs once without interruption, which says what the second run has to reach. On rows that the script refuses there
 * is nothing to interrupt, so other rows are asked for, and none in the end.
 */
import { EMPTY_DATASET, type Dataset } from '../core/dataset.ts';
import type { Database } from '../core/dialect.ts';
import { placeAt } from '../core/errors.ts';
import type { InterruptionEvidence, Parameters } from '../core/evidence.ts';
import type { StopOutcome, StopPlan, StopPoint } from '../core/interruption.ts';
import type { Direction, Migration, Script } from '../core/migration.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { count } from '../core/text.ts';
import { ledgerTimingOf } from '../core/tool.ts';
import type { Moment, ScriptOutcome, StatementRef, Trace } from '../core/trace.ts';
import { volatileColumnsOf } from '../core/volatile.ts';
import { describePoint, describeRerun } from './interrupted-words.ts';
import type { Scenario, ScenarioCase, ScenarioRun, ScenarioSetting, Visits } from './scenario.ts';

/** Datasets that are tried where the script refuses the rows; then none. */
const MOST_DATASETS = 3;
const MAX_ROWS = 2_000;
/** Points of one script that are visited with the same rows: an uninterrupted run costs as much as an interrupted one. */
const POINTS_WITH_SAME_ROWS = 6;
const DIRECTIONS: readonly Direction[] = ['up', 'down'];

export const interrupted: Scenario = {
  id: 'interrupted',
  runsBeside: true,
  cases: (asked) => asked,
  maxAttempts: 80,
  plan,
  draw: () => null,
  simpler: () => [],
  run,
  repro: reproOf,
};

/** A point of one direction, as a counterexample keeps it. */
interface Given extends StopPoint {
  readonly direction: Direction;
  /** Present until rows were chosen: where other rows may be asked for. */
  readonly seed?: number;
}

async function plan(setting: ScenarioSetting, seed: number): Promise<Visits> {
  const parameters: Parameters[] = [];
  const labels: string[] = [];
  const notes: string[] = [];
  const rows: number[] = [];
  let needsCrash = false;
  for (const direction of DIRECTIONS) {
    const script = scriptTo(setting.migration, direction);
    if (script === null) continue;
    const stops = await setting.dialect.planStops(script);
    const points = stops.points.filter(
      (point) =>
        !isSettled(setting, script, direction, stops, point) &&
        (point.how !== 'server-crash' || setting.whyNoCrash === null),
    );
    for (const [at, point] of points.entries()) {
      parameters.push({ ...point, direction, seed });
      rows.push((rows.at(-1) ?? -1) + (at % POINTS_WITH_SAME_ROWS === 0 ? 1 : 0));
      labels.push(`an interruption of ${direction} ${describePoint(point, stops.statements)}`);
    }
    if (stops.statements > 0) notes.push(`${direction}: ${summarise(stops, points)}`);
    notes.push(...stops.limits.map((limit) => `${direction}: ${limit}`));
    needsCrash ||= stops.points.some(({ how }) => how === 'server-crash');
  }
  if (needsCrash && setting.whyNoCrash !== null) notes.push(`the server is not crashed: ${setting.whyNoCrash}`);
  const alone = parameters.map((point) => (point as unknown as Given).how === 'server-crash');
  return { parameters, labels, notes, rows, alone };
}

/** A down that must refuse has nothing to resume. */
function scriptTo({ up, down, declarations }: Migration, direction: Direction): Script | null {
  if (direction === 'up') return up;
  return declarations.irreversible === null ? down : null;
}

/** After the commit of a transaction that holds the ledger's entry as well, the tool has nothing left to do. */
function isSettled(
  { tool }: ScenarioSetting,
  script: Script,
  direction: Direction,
  { statements }: StopPlan,
  { after }: StopPoint,
): boolean {
  return after > statements && ledgerTimingOf(tool, script, direction) === 'with-script';
}

function summarise({ statements, represented }: StopPlan, points: readonly StopPoint[]): string {
  const crashes = points.filter(({ how }) => how === 'server-crash').length;
  const sessions = points.filter(({ how }) => how !== 'server-crash');
  const between = sessions.filter((point) => point.inside === null);
  const boundaries = new Set(between.map(({ after }) => after)).size;
  const inside = sessions.length - between.length;
  return [
    `${count(statements, 'statement')}, killed at ${count(boundaries, 'boundary', 'boundaries')}`,
    ...(between.length > boundaries ? [` (${between.length} times, with the files in different states)`] : []),
    ...(inside === 0 ? [] : [` and ${count(inside, 'time')} inside statements`]),
    ...(crashes === 0 ? [] : [`, the whole server ${count(crashes, 'time')}`]),
    ...(represented === 0
      ? []
      : [`; ${represented} more are inside a transaction, as the last one before each commit is`]),
  ].join('');
}

async function run(setting: ScenarioSetting, { dataset, parameters }: ScenarioCase): Promise<ScenarioRun> {
  const given = parameters as unknown as Given;
  const { seed, ...point } = given;
  const script = setting.migration[point.direction];
  if (script === null) throw new Error(`${setting.migration.name} has no script to interrupt`);
  const { direction } = point;
  const whole = await (seed === undefined
    ? runWhole(setting, dataset, direction)
    : shareWhole(setting, dataset, direction, seed));
  const base = { loaded: whole.loaded, refused: whole.refused, parameters: { ...point }, unusable: whole.unusable };
  if (whole.unusable !== null) return { ...base, traces: [] };
  const trace = { scenario: 'interrupted', moments: [whole.before], preconditionRows: 0 };
  if (whole.after === null) {
    const endedEarly = `the ${point.direction} script does not complete on these rows even when it is not interrupted`;
    return { ...base, traces: [{ ...trace, endedEarly, evidence: null }] };
  }
  const evidence = await interruptAndRerun(setting, script, point, { ...whole, after: whole.after });
  const endedEarly = evidence === null ? `the ${point.direction} script failed before it could be interrupted` : null;
  return { ...base, traces: [{ ...trace, endedEarly, evidence }] };
}

/** Uninterrupted runs on the rows of several points, by the migration and direction. */
const wholes = new WeakMap<Dataset, Map<string, Promise<Whole>>>();

/** The uninterrupted run of these rows, or of others that the script takes; one for all points with the same rows. */
function shareWhole(setting: ScenarioSetting, dataset: Dataset, direction: Direction, seed: number): Promise<Whole> {
  const known = wholes.get(dataset) ?? new Map<string, Promise<Whole>>();
  wholes.set(dataset, known);
  const key = `${setting.migration.name} ${direction}`;
  const whole = known.get(key) ?? findWhole(setting, dataset, direction, seed);
  known.set(key, whole);
  return whole;
}

async function findWhole(
  setting: ScenarioSetting,
  dataset: Dataset,
  direction: Direction,
  seed: number,
): Promise<Whole> {
  let whole = await runWhole(setting, dataset, direction);
  for (let next = 1; next <= MOST_DATASETS && !isUsable(whole); next++) {
    const other = next === MOST_DATASETS ? EMPTY_DATASET : otherRows(setting, seed, next);
    whole = await runWhole(setting, other, direction);
  }
  return whole;
}

function otherRows({ source, model, mentioned }: ScenarioSetting, seed: number, next: number): Dataset {
  return source.generate({ model, seed: seed + next, index: next, focus: [...mentioned], literals: [] });
}

interface Whole extends Pick<ScenarioRun, 'loaded' | 'refused' | 'unusable'> {
  readonly before: Moment;
  /** What the script leaves where nothing interrupts it; null: it fails. */
  readonly after: Snapshot | null;
}

function isUsable({ unusable, after }: Whole): boolean {
  return unusable === null && after !== null;
}

async function runWhole(setting: ScenarioSetting, dataset: Dataset, direction: Direction): Promise<Whole> {
  const database = await setting.open();
  const { loaded, refused } = await setting.load(database, dataset);
  const before = await setting.observe(database).observe('before', null);
  const [broken] = before.violations;
  const unusable = broken === undefined ? null : `it broke ${broken.invariant} before the migration ran`;
  const base = { loaded, refused, before, unusable };
  if (unusable !== null) return { ...base, after: null };
  const outcomes: ScriptOutcome[] = [];
  const { up, down } = setting.migration;
  const scripts = direction === 'up' || down === null ? [up] : [up, down];
  for (const script of scripts) outcomes.push(await database.execute(script, setting.limits));
  const isDone = outcomes.every(({ status }) => status === 'completed');
  return { ...base, after: isDone ? await look(database) : null };
}

async function interruptAndRerun(
  setting: ScenarioSetting,
  script: Script,
  { direction, ...point }: Given,
  whole: Whole & { readonly after: Snapshot },
): Promise<InterruptionEvidence | null> {
  const database = await setting.open();
  await setting.load(database, whole.loaded);
  if (direction === 'down') await database.execute(setting.migration.up, setting.limits);
  const stop = await database.interrupt(script, setting.limits, point);
  if (stop.status === 'failed') return null;
  const crashed = await look(database);
  const outcome = await database.execute(script, setting.limits);
  const final = await look(database);
  const isSuspect = outcome.status === 'completed' && !isEqual(whole.after, final);
  const twin = isSuspect ? (await runWhole(setting, whole.loaded, direction)).after : null;
  const { statements } = await setting.dialect.planStops(script);
  const where = describePoint(point, statements);
  const ledger = ledgerTimingOf(setting.tool, script, direction);
  return {
    kind: 'interruption',
    direction,
    where,
    point,
    missed: stop.status === 'missed' ? stop.reason : null,
    at: await refer(setting, script, point),
    uninterrupted: whole.after,
    crashed,
    outcome,
    final,
    volatileColumns:
      twin === null ? [] : [...volatileColumnsOf(whole.after, twin, null), ...numberedColumns(whole.after, final)],
    steps: [
      ...(direction === 'down' ? ['up completed'] : []),
      describeStop(direction, where, stop),
      ...describeRerun(setting.tool, ledger, direction, outcome),
    ],
  };
}

/**
 * The columns that sequences fill which went on: numbers that a killed run took are not given again, and after a crash of the server up to 32
 * more are skipped. Rows that are there twice or not at all still tell.
 */
function numberedColumns(whole: Snapshot, final: Snapshot): readonly string[] {
  return final.sequences.flatMap(({ name, nextValue, ownedBy }) => {
    const known = whole.sequences.find((sequence) => sequence.name === name);
    return ownedBy === null || known === undefined || known.nextValue === nextValue
      ? []
      : [`${ownedBy.table}.${ownedBy.column}`];
  });
}

function describeStop(direction: Direction, where: string, stop: StopOutcome): string {
  return `${direction} is interrupted ${where}${stop.status === 'missed' ? `; ${stop.reason}` : ''}`;
}

async function look(database: Database): Promise<Snapshot> {
  return database.capture({ maxRowsPerTable: MAX_ROWS, projections: [] });
}

/** Byte for byte; what a judgement tolerates is not known here. */
function isEqual(one: Snapshot, other: Snapshot): boolean {
  return (
    one.catalog.fingerprint === other.catalog.fingerprint &&
    [...one.tables.values()].every(({ table, digest }) => other.tables.get(table)?.digest === digest)
  );
}

/** The statement that was interrupted, or the last one before the kill. */
async function refer({ dialect }: ScenarioSetting, script: Script, point: StopPoint): Promise<StatementRef | null> {
  const statements = [];
  for (const chunk of script.chunks) {
    const own = await dialect.split({ file: script.file, text: chunk.text });
    statements.push(...own.map(({ text, offset }) => ({ text, offset: chunk.offset + offset })));
  }
  const index = Math.min(point.inside === null ? point.after - 1 : point.after, statements.length - 1);
  const statement = statements[index];
  if (statement === undefined) return null;
  const { line, column } = placeAt(script.file, script.text, statement.offset);
  return { file: script.file, number: index + 1, of: statements.length, line, column, text: statement.text };
}

function reproOf(migration: Migration, traces: readonly Trace[]): ReturnType<Scenario['repro']> {
  const evidence = traces[0]?.evidence;
  if (evidence?.kind !== 'interruption') return { steps: [], checks: null };
  const { direction, where, point, outcome } = evidence;
  const script = migration[direction];
  if (script === null) return { steps: [], checks: null };
  return {
    steps: [
      ...(direction === 'down' ? [{ caption: `up (${migration.name})`, script: migration.up }] : []),
      { caption: `${direction}, interrupted ${where}`, script, stop: point },
      { caption: `${direction} again, from its start`, script, outcome },
    ],
    checks: null,
  };
}
