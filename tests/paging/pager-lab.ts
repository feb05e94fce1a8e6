/** Where a pager meets interleavings outside of a campaign: a schema, a pager, and the scenario's own cases on one database. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatasetSource } from '../../generators/dataset-source.ts';
import { reduceCase } from '../../harness/campaign/reduce-case.ts';
import { completePager } from '../../harness/config/complete-pager.ts';
import type { PagerConfig } from '../../harness/config/pager-config.ts';
import { type Cell, type Dataset, EMPTY_DATASET } from '../../harness/core/dataset.ts';
import type { Database, Dialect } from '../../harness/core/dialect.ts';
import type { Parameters as CaseParameters } from '../../harness/core/evidence.ts';
import type { DialectName } from '../../harness/core/migration.ts';
import type { PagingEvidence } from '../../harness/core/paging-history.ts';
import { scriptOf } from '../../harness/core/script.ts';
import { PLAIN } from '../../harness/layouts/tools.ts';
import { postgresDialect } from '../../harness/dialects/postgres/dialect.ts';
import { sqliteDialect } from '../../harness/dialects/sqlite/dialect.ts';
import { paging } from '../../harness/scenarios/paging.ts';
import type { ScenarioRun, ScenarioSetting } from '../../harness/scenarios/scenario.ts';
import { checkHistory } from '../../properties/paging/clauses.ts';
import { findFlaws } from '../../properties/paging/flaws.ts';
import type { OpenDialect } from './support.ts';

const DIALECTS: Readonly<Record<DialectName, Dialect>> = { postgres: postgresDialect, sqlite: sqliteDialect };

export interface LabRequest {
  readonly dialect: DialectName;
  /** What was there before; absent: nothing. */
  readonly before?: string;
  /** The up. */
  readonly schema: string;
  readonly pager: PagerConfig;
}

export interface PagerLab extends AsyncDisposable {
  /** Case `index` of a campaign with that seed. */
  draw(seed: number, index: number): Promise<ScenarioRun>;
  /** The same case again. */
  again(rows: Dataset, parameters: CaseParameters): Promise<ScenarioRun>;
  readonly simplerCells: (table: string, column: string, current: Cell) => readonly Cell[];
  /** Whether rows refer to each other by that column. */
  readonly isKey: (table: string, column: string) => boolean;
}

/** Opens a laboratory on a server that is there. */
export async function openPagerLab(
  { cluster }: OpenDialect,
  { dialect, before, schema, pager }: LabRequest,
): Promise<PagerLab> {
  const blank = await cluster.create();
  if (before !== undefined) await blank.run(before);
  const template = await cluster.freeze(blank, `pager-lab-${Math.random()}`);
  let current: Database = await cluster.create(template);
  const model = await current.introspect();
  const complete = completePager({ ...pager, from: null, until: null }, { dialect, folder: import.meta.dirname });
  const load: ScenarioSetting['loadAfter'] = (database, dataset, after) => database.load(dataset, after);
  const setting: ScenarioSetting = {
    dialect: DIALECTS[dialect],
    engine: cluster.engine,
    migration: {
      id: '1',
      name: '1_schema',
      up: scriptOf(schema),
      down: null,
      declarations: { lossy: [], maps: [], claims: [], rows: [], preconditions: [], irreversible: null },
    } as unknown as ScenarioSetting['migration'],
    model,
    mentioned: new Set(),
    source: await createDatasetSource({}),
    limits: { statementMs: 60_000, scriptMs: 60_000 },
    tool: PLAIN,
    whyNoCrash: null,
    queriesBefore: [],
    queriesAfter: [],
    pagersAfter: [complete],
    pagersBefore: before === undefined ? [] : [complete],
    async open() {
      await current[Symbol.asyncDispose]();
      current = await cluster.create(template);
      return current;
    },
    current: () => current,
    load: (database, dataset) => load(database, dataset, model),
    loadAfter: load,
    observe: () => {
      throw new Error('nothing is observed here');
    },
  };
  return {
    draw: (seed, index) =>
      paging.run(setting, { dataset: EMPTY_DATASET, parameters: paging.draw(setting, seed, index) }),
    again: (dataset, parameters) => paging.run(setting, { dataset, parameters }),
    simplerCells: (table, column, cell) => setting.source.simplerCells(model, table, column, cell),
    isKey: (table, column) =>
      model.tables.some(({ key, foreignKeys }) =>
        foreignKeys.some(
          ({ columns, refTable, refColumns }) =>
            (key === table && columns.includes(column)) || (refTable === table && refColumns.includes(column)),
        ),
      ),
    async [Symbol.asyncDispose]() {
      await current[Symbol.asyncDispose]();
      await template[Symbol.asyncDispose]();
    },
  };
}

/** The evidence of a run. Throws where it has none. */
export function evidenceIn(run: ScenarioRun): PagingEvidence {
  const evidence = run.traces[0]?.evidence ?? null;
  if (evidence?.kind !== 'paging')
    throw new Error(run.unusable ?? run.traces[0]?.endedEarly ?? 'a run without evidence');
  return evidence;
}

/** The clauses that a run contradicts. Throws where its history is flawed. */
export function contradictedBy(run: ScenarioRun): ReadonlySet<string> {
  const { order, histories } = evidenceIn(run);
  if (order !== null) return new Set(['total-order']);
  const [flaw] = histories.flatMap(findFlaws);
  if (flaw !== undefined) throw new Error(`a flawed history: ${JSON.stringify(flaw)}`);
  return new Set(histories.flatMap((history) => checkHistory(history)).map(({ clause }) => clause));
}

/** The smallest case that still contradicts the clause, as the campaign finds it. */
export async function reduceToSmallest(lab: PagerLab, found: ScenarioRun, clause: string): Promise<ScenarioRun> {
  const { dataset, parameters } = await reduceCase({
    dataset: found.loaded,
    parameters: found.parameters,
    maxAttempts: paging.maxAttempts,
    simpler: (given) => paging.simpler(given),
    isTogether: true,
    attempt: async (rows, given) => {
      const run = await lab.again(rows, given);
      return run.unusable === null && contradictedBy(run).has(clause) ? run : null;
    },
    simplerCells: (table, column, current) => lab.simplerCells(table, column, current),
    isFixed: (table, column) => lab.isKey(table, column),
  });
  return lab.again(dataset, parameters);
}

/** A twin of the fault catalogue, as the laboratory takes it. */
export function readTwin(name: string, twin: 'bad' | 'good'): Pick<LabRequest, 'schema' | 'pager'> {
  const folder = join(import.meta.dirname, '../../migrations/faults/cursor-stable', name, twin);
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const config = JSON.parse(read('palindrome.config.json')) as { readonly pagers: readonly [PagerConfig] };
  const ups = readdirSync(folder).filter((file) => file.endsWith('.up.sql'));
  return { schema: ups.toSorted().map(read).join('\n'), pager: config.pagers[0] };
}
