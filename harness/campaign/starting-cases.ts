/**
 * Cases made of other people's data: read, masked, matched with a state of the chain, loaded there, and carried forward through the ups, so that
 * each migration from that state on gets the data as it would find it.
 */
import type { Catalog } from '../core/catalog.ts';
import { countRows, type Dataset, type Row, type TableRows } from '../core/dataset.ts';
import type { Cluster, Database } from '../core/dialect.ts';
import { PalindromeError } from '../core/errors.ts';
import type { ReportDataset } from '../core/report.ts';
import type { SchemaModel } from '../core/schema.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { writableColumns, type SourceData } from '../core/source-data.ts';
import { harvestLiterals } from './literals.ts';
import { isLedger, matchStates, type StateMatch } from './match-state.ts';
import type { MaskedData, PlannedSet, StartingData } from './plan.ts';
import { makeObserver } from '../scenarios/observe.ts';
import { invariantsAt } from './subject.ts';

export interface StartingCases {
  /** By the position of the migration that the rows come before. */
  readonly byMigration: ReadonlyMap<number, Dataset>;
  readonly report: ReportDataset;
  /** What was not checked with it, and why. */
  readonly limits: readonly string[];
}

export interface StartingRequest {
  readonly planned: PlannedSet;
  readonly starting: StartingData;
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
}

/** More than any table of a sample has. */
const ALL_ROWS = 10_000_000;
const NAMED = 8;

/** The set with one case more, before the generated ones. */
export function withStartingCase(planned: PlannedSet, dataset: Dataset): PlannedSet {
  const { source } = planned;
  return {
    ...planned,
    cases: planned.cases + 1,
    source: {
      ...source,
      generate: (request) =>
        request.index === 0 ? dataset : source.generate({ ...request, index: request.index - 1 }),
    },
  };
}

/**
 * Reads, masks, matches and carries. Throws `PalindromeError` where the data cannot be read, the rules are wrong (`anonymise-rules`), or no
 * state of the chain has its tables (`dataset-no-state`).
 */
export async function prepareStartingCases(request: StartingRequest): Promise<StartingCases> {
  const { planned, starting, cluster } = request;
  await using source = await starting.open(cluster);
  const issues = await starting.findRuleIssues(source.model);
  if (issues.length > 0) {
    throw new PalindromeError(
      'anonymise-rules',
      `${issues.length === 1 ? '1 error' : `${issues.length} errors`} in the rules of anonymise\n${issues.map((issue) => `  ${issue}`).join('\n')}`,
      {
        hint: 'docs/datasets.md has every rule; palindrome anonymise --dataset … lists the columns of the data.',
      },
    );
  }
  const states = await readStates(request);
  const match = chooseState(request, states, source);
  const state = states[match.applied];
  if (state === undefined) throw new TypeError('a match without a state');
  const seeded = seededRows(state);
  const words = [...new Set(planned.set.migrations.flatMap(harvestLiterals))];
  const masked = await starting.mask(source, seeded, words);
  const notes = [...source.notes, ...describeExtra(match)];
  const carry = await carryForward(request, match.applied, without(masked.dataset, seeded), states, source);
  const report = makeReport(request, source, match, masked, carry, notes);
  return { byMigration: carry.byMigration, report, limits: limitsOf(request, report, carry) };
}

/** The states before each migration and after the last, on no data, as far as they can be reached. */
async function readStates({ planned, cluster, signal }: StartingRequest): Promise<readonly Snapshot[]> {
  await using database = await cluster.create();
  const states = [await database.capture({ maxRowsPerTable: ALL_ROWS, projections: [] })];
  for (const { up } of planned.set.migrations) {
    if (signal.aborted) break;
    const outcome = await database.execute(up, planned.limits);
    if (outcome.status !== 'completed') break;
    states.push(await database.capture({ maxRowsPerTable: ALL_ROWS, projections: [] }));
  }
  return states;
}

function chooseState(
  { planned, starting }: StartingRequest,
  states: readonly Snapshot[],
  source: SourceData,
): StateMatch {
  const catalogs = states.map(({ catalog }): Catalog => catalog);
  const matches = matchStates(catalogs, source.catalog);
  if (starting.after !== null) {
    const at = planned.set.migrations.findIndex(({ id, name }) => id === starting.after || name === starting.after);
    const match = matches.find(({ applied }) => applied === at + 1);
    if (at === -1 || match === undefined)
      throw new PalindromeError(
        'dataset-at-unknown',
        `No migration that runs is called ${starting.after}, as --dataset-at says.`,
        {
          hint: 'Give the id or name of the last migration that had run on the data, as `palindrome status` lists them.',
        },
      );
    return match;
  }
  const whole = matches.find(({ applied, missing }) => applied > 0 && missing.length === 0);
  if (whole !== undefined) return whole;
  const [nearest] = matches.filter(({ applied }) => applied > 0);
  const after = nameAfter(planned, nearest?.applied ?? 0) ?? 'the first migration';
  throw new PalindromeError(
    'dataset-no-state',
    `${starting.shownAs} has the tables of no state of ${planned.set.name}. The nearest is that after ${after}; the data lacks ${listed(nearest?.missing ?? [])}.`,
    {
      hint: 'Name the last migration that had run on the data with --dataset-at to use it all the same, or give the folder that it belongs to.',
    },
  );
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).join(', ');
  return names.length > NAMED ? `${shown} and ${names.length - NAMED} more` : shown;
}

function nameAfter({ set }: PlannedSet, applied: number): string | null {
  return set.migrations[applied - 1]?.name ?? null;
}

function describeExtra({ missing, extra }: StateMatch): readonly string[] {
  return [
    ...(missing.length === 0 ? [] : [`the data lacks ${listed(missing)}: defaults stand there`]),
    ...(extra.length === 0 ? [] : [`the migrations do not know ${listed(extra)} of the data: left out`]),
  ];
}

/** Rows that the migrations themselves put. */
function seededRows(state: Snapshot): Dataset {
  return {
    tables: [...state.tables.values()].map(({ table, columns, rows }) => ({ table, columns, rows: rows ?? [] })),
  };
}

/** A dataset without the rows whose primary key, or where there is none all of whose cells, are those of rows that are there already. */
function without(dataset: Dataset, present: Dataset, model?: SchemaModel): Dataset {
  return {
    tables: dataset.tables.map((rows) => {
      const known = present.tables.find(({ table }) => table === rows.table);
      if (known === undefined || known.rows.length === 0) return rows;
      const key = model?.tables.find(({ key: table }) => table === rows.table)?.primaryKey ?? [];
      const columns = key.length > 0 ? key : rows.columns.filter((name) => known.columns.includes(name));
      const identify = ({ columns: names }: TableRows, row: Row): string =>
        JSON.stringify(columns.map((name) => row[names.indexOf(name)] ?? null));
      const taken = new Set(known.rows.map((row) => identify(known, row)));
      return { ...rows, rows: rows.rows.filter((row) => !taken.has(identify(rows, row))) };
    }),
  };
}

interface Carried {
  readonly byMigration: Map<number, Dataset>;
  readonly loaded: Dataset;
  readonly leftOut: ReportDataset['leftOut'];
  readonly notes: readonly string[];
}

async function carryForward(
  { planned, cluster, signal }: StartingRequest,
  applied: number,
  masked: Dataset,
  states: readonly Snapshot[],
  source: SourceData,
): Promise<Carried> {
  const { migrations } = planned.set;
  await using database = await cluster.create();
  for (const { up } of migrations.slice(0, applied)) await database.execute(up, planned.limits);
  let model = await database.introspect();
  const present = states[applied];
  const fitting = fitTo(present === undefined ? masked : without(masked, seededRows(present), model), model);
  const { loaded, refused } = await database.load(fitting, model);
  const byMigration = new Map<number, Dataset>();
  const notes: string[] = [];
  let dataset = loaded;
  for (let at = applied; at < migrations.length && !signal.aborted; at++) {
    const migration = migrations[at];
    if (migration === undefined) break;
    const broken = await brokenInvariants(planned, database, at, source, at === applied);
    if (broken.length > 0) notes.push(`before ${migration.name}, ${broken.join('; ')}`);
    byMigration.set(at, dataset);
    const outcome = await database.execute(migration.up, planned.limits);
    const state = states[at + 1];
    if (outcome.status !== 'completed' || state === undefined) {
      if (at + 1 < migrations.length)
        notes.push(`it was not carried beyond ${migration.name}, which does not apply to it`);
      break;
    }
    model = await database.introspect();
    const now = await database.capture({ maxRowsPerTable: ALL_ROWS, projections: [] });
    dataset = fitTo(without(seededRows(now), seededRows(state), model), model);
  }
  return { byMigration, loaded, leftOut: countRefusals(refused), notes };
}

function countRefusals(refused: Awaited<ReturnType<Database['load']>>['refused']): ReportDataset['leftOut'] {
  const counts = new Map<string, { table: string; reason: string; rows: number }>();
  for (const { table, fault } of refused) {
    // The database's own words may quote a cell.
    const reason = `${fault.constraint ?? fault.column ?? fault.code} (${fault.class}) refused what masking made`;
    const entry = counts.get(`${table}/${reason}`) ?? { table, reason, rows: 0 };
    counts.set(`${table}/${reason}`, { ...entry, rows: entry.rows + 1 });
  }
  return [...counts.values()];
}

/** Rows of the tables and columns that the model has. */
function fitTo(dataset: Dataset, model: SchemaModel): Dataset {
  return {
    tables: dataset.tables.flatMap(({ table: key, columns, rows }) => {
      const table = model.tables.find((each) => each.key === key);
      if (table === undefined || rows.length === 0) return [];
      const writable = writableColumns(table);
      const kept = columns.flatMap((name, at) => (writable.includes(name) ? [at] : []));
      return [
        {
          table: key,
          columns: kept.map((at) => columns[at] ?? ''),
          rows: rows.map((row) => kept.map((at) => row[at] ?? null)),
        },
      ];
    }),
  };
}

/** Invariants that the rows break before a migration, each with whose doing it is where that can be told. */
async function brokenInvariants(
  planned: PlannedSet,
  database: Database,
  applied: number,
  source: SourceData,
  isFirst: boolean,
): Promise<readonly string[]> {
  const asked = invariantsAt(planned.set, planned.invariants, applied);
  const observer = makeObserver({
    database,
    maxRowsPerTable: 1,
    projections: [],
    invariantsBefore: asked,
    invariantsAfter: [],
    conservations: [],
    queryLimitMs: planned.limits.statementMs,
  });
  const { violations } = await observer.observe('before', null);
  const broken: string[] = [];
  for (const { id, ask } of asked) {
    if (!violations.some(({ invariant }) => invariant === id)) continue;
    const wasBroken = isFirst && typeof ask === 'string' ? await source.answers(ask) : null;
    const cause =
      wasBroken === true
        ? 'the data breaks it as it came'
        : 'masking, or taking a part, broke it: give the columns that it compares the rule scale with one group, or keep; or raise --dataset-rows';
    broken.push(`${id} does not hold, so the case says nothing there (${cause})`);
  }
  return broken;
}

function isOwn({ table }: { readonly table: string }): boolean {
  return !isLedger(table);
}

function makeReport(
  { planned, starting }: StartingRequest,
  source: SourceData,
  match: StateMatch,
  masked: MaskedData,
  carry: Carried,
  notes: readonly string[],
): ReportDataset {
  const after = nameAfter(planned, match.applied);
  const loadedIn = (table: string): number =>
    carry.loaded.tables.filter((entry) => entry.table === table).reduce((sum, { rows }) => sum + rows.length, 0);
  const unused =
    match.applied >= planned.set.migrations.length
      ? [`all migrations had run on ${starting.shownAs}: there is none left to judge with it`]
      : [];
  const empty =
    unused.length === 0 && countRows(carry.loaded) === 0
      ? [`${starting.shownAs} gave no row: nothing was judged with it`]
      : [];
  return {
    source: starting.shownAs,
    what: source.what,
    after,
    usedFor: [...carry.byMigration.keys()].flatMap((at) => planned.set.migrations[at]?.name ?? []),
    hasSalt: starting.hasSalt,
    tables: masked.tables.filter(isOwn).map((each) => ({ ...each, loaded: loadedIn(each.table) })),
    columns: masked.columns.filter(isOwn),
    leftOut: [...masked.dropped.filter(isOwn), ...carry.leftOut],
    notes: [...notes, ...carry.notes, ...unused, ...empty],
  };
}

function limitsOf({ starting }: StartingRequest, report: ReportDataset, carry: Carried): readonly string[] {
  const parts = report.tables.filter(({ rows, taken }) => taken < rows);
  const left = report.leftOut.reduce((sum, { rows }) => sum + rows, 0);
  return [
    ...(parts.length === 0
      ? []
      : [
          `of ${starting.shownAs} only a part was used: ${listed(parts.map(({ table, rows, taken }) => `${taken} of ${rows} rows of ${table}`))}`,
        ]),
    ...(left === 0
      ? []
      : [
          `${left} rows of ${starting.shownAs} were left out: ${listed(report.leftOut.map(({ table, reason, rows }) => `${rows} of ${table} (${reason})`))}`,
        ]),
    ...carry.notes.map((note) => `${starting.shownAs}: ${note}`),
  ];
}
