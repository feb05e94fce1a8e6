/** The SQLite rows: a copy of a prepared file per case with the same looks, Palindrome, and the floor. */
import { copyFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { Engine } from '../../harness/dialects/sqlite/engine.ts';
import type { Guard } from '../../harness/dialects/sqlite/guard.ts';
import { CaptureStore } from '../../harness/dialects/sqlite/capture-store.ts';
import { sqliteDialect } from '../../harness/dialects/sqlite/dialect.ts';
import type { AnswerOf } from '../../harness/dialects/sqlite/protocol.ts';
import type { Snapshot } from '../../harness/core/snapshot.ts';
import { sqliteProvider } from '../../harness/providers/sqlite.ts';
import { palindromeRow } from './palindrome.ts';
import { datasetOf, mustRun, requireSame, scriptsOf, timeEach, type Contender, type Entry, type Work } from './row.ts';
import { emptyTables, workSet, workSource } from './work.ts';

const DATASETS = 40;
export const SQLITE_ROW = {
  copy: 'SQLite: a file copy per case',
  one: 'SQLite: Palindrome, one worker',
  all: 'SQLite: Palindrome, all cores',
  floor: 'SQLite: the floor: bare statements',
} as const;

/** The rows for SQLite. `scratch` is an empty folder that the caller removes. */
export async function openSqliteRows(scratch: string, folder: string): Promise<readonly Entry[]> {
  const source = await workSource();
  const server = await sqliteProvider.start({
    postgres: null,
    image: null,
    serverUrl: null,
    allowRemote: false,
    keep: false,
  });
  const set = await workSet('sqlite', folder);
  await using cluster = await sqliteDialect.openCluster(server, { foreignKeys: true, functions: {}, keep: false });
  await using database = await cluster.create();
  const [base] = set.migrations;
  if (base === undefined) throw new TypeError('the work has a base');
  await mustRun(database, base.up);
  const model = await database.introspect();
  const datasets = Array.from({ length: DATASETS }, (_, index) =>
    source.generate({ model, seed: 1, index: index + 8, focus: null, literals: [] }),
  );
  const work: Work = { set, model, datasets };
  const own = { dialect: sqliteDialect, server, work, source, scratch };
  return [
    { name: SQLITE_ROW.copy, open: async () => copyPerCase(work, scratch) },
    {
      name: SQLITE_ROW.one,
      open: async () => palindromeRow({ ...own, name: SQLITE_ROW.one, workers: 1, casesPerTurn: 100 }),
    },
    {
      name: SQLITE_ROW.all,
      open: async () =>
        palindromeRow({ ...own, name: SQLITE_ROW.all, workers: os.availableParallelism(), casesPerTurn: 200 }),
    },
    { name: SQLITE_ROW.floor, open: async () => floor(work) },
  ];
}

/** A guard ends the process when its stream does: here it would be this one. */
const NO_GUARD = { keep: () => undefined, mark: () => undefined } as unknown as Guard;

/** In this process, so that nothing but the copying and the work is measured. */
function copyPerCase(work: Work, scratch: string): Contender {
  const { base, up, down } = scriptsOf(work);
  const prepared = path.join(scratch, 'prepared.sqlite');
  const maker = new BetterSqlite(prepared);
  maker.exec(base.text);
  maker.close();
  const engine = new Engine(NO_GUARD, () => {
    throw new Error('the work calls no function');
  });
  engine.handle('setup', { foreignKeys: true, functions: [] }, Buffer.alloc(0));
  const file = path.join(scratch, 'copy.sqlite');
  const nothing = Buffer.alloc(0);
  const captures = new CaptureStore();
  const look = (): Snapshot => {
    const { answer } = engine.handle('capture', { maxRowsPerTable: 2_000, projections: [] }, nothing);
    return captures.complete(answer as AnswerOf<'capture'>);
  };
  const run = (scriptId: number, script: typeof up): void => {
    const { answer } = engine.handle('execute', { scriptId, script, upTo: null }, nothing);
    if ((answer as AnswerOf<'execute'>).status !== 'completed') throw new Error(JSON.stringify(answer));
  };
  return {
    name: SQLITE_ROW.copy,
    casesPerTurn: 60,
    turn: (cases) =>
      timeEach(cases, async (at) => {
        copyFileSync(prepared, file);
        engine.handle('open', { file, template: file }, nothing);
        engine.handle('load', datasetOf(work, at), nothing);
        const before = look();
        run(1, up);
        const afterUp = look();
        run(2, down);
        const afterDown = look();
        run(1, up);
        const again = look();
        requireSame('up and down', before, afterDown);
        requireSame('up, down and up', afterUp, again);
        engine.handle('close', { keepFile: true }, nothing);
      }),
    close: async () => rmSync(file, { force: true }),
  };
}

/** In memory, in this process. Only load, up, down and up count. */
function floor(work: Work): Contender {
  const { base, up, down } = scriptsOf(work);
  const connection = new BetterSqlite(':memory:');
  connection.exec('PRAGMA foreign_keys = ON');
  connection.exec(base.text);
  const inOne = (sql: string): string => `BEGIN;\n${sql}\nCOMMIT;`;
  const loads = work.datasets.map((dataset) => inOne(insertAll(dataset)));
  const back = inOne([down.text, ...emptyTables().map((sql) => `${sql};`)].join('\n'));
  return {
    name: SQLITE_ROW.floor,
    casesPerTurn: 100,
    async turn(cases) {
      let spent = 0;
      for (let at = 0; at < cases; at++) {
        const load = loads[at % loads.length] ?? '';
        spent += await timeEach(1, async () => {
          for (const sql of [load, inOne(up.text), inOne(down.text), inOne(up.text)]) connection.exec(sql);
        });
        connection.exec(back);
      }
      return spent / cases;
    },
    close: async () => void connection.close(),
  };
}

/** One INSERT a table: the cells are SQL literals already. */
function insertAll({ tables }: Work['datasets'][number]): string {
  return tables
    .filter(({ rows }) => rows.length > 0)
    .map(({ table, columns, rows }) => {
      const tuples = rows.map((row) => `(${row.map((cell) => cell ?? 'NULL').join(', ')})`);
      return `INSERT INTO ${table} (${columns.map((name) => sqliteDialect.quoteIdentifier(name)).join(', ')}) VALUES ${tuples.join(', ')};`;
    })
    .join('\n');
}
