/**
 * Where the cases of one migration run: one database in the state after its up, cleaned between cases and compared with what it was, so that a
 * case costs its own steps and not a clone. What cannot be cleaned is replaced.
 */
import type { Dataset } from '../../core/dataset.ts';
import type { Attempt, Database, Dialect } from '../../core/dialect.ts';
import type { PageSnapshot } from '../../core/paging-history.ts';
import type { SchemaModel } from '../../core/schema.ts';
import type { DatabaseSession, WriterSession } from '../../core/session.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { ScenarioSetting } from '../scenario.ts';

/** Rows that a table may have before any case, for the database to be used again. */
const MAX_ROWS = 2_000;
const LOOK = { maxRowsPerTable: MAX_ROWS, projections: [] };

export interface PagingBench {
  readonly database: Database;
  /** The schema after the up, with the rows that are there. */
  readonly model: SchemaModel;
  /** The session of that name, with no transaction open: `r…` for reading alone. */
  readonly session: (name: string) => Promise<DatabaseSession>;
  /** The writer of that name, for work at once. */
  readonly writer: (name: string) => Promise<WriterSession>;
  /** What a statement that begins now can see. */
  readonly look: () => Promise<PageSnapshot>;
  /** Says that the rows of a case go into these tables. */
  use(tables: readonly string[]): void;
  /** Takes the rows of the case out again, for the same case to run once more. Throws where they cannot be. */
  clear(): Promise<void>;
}

interface Kept extends PagingBench {
  readonly before: Snapshot;
  /** Tables that cases wrote to, parents first. */
  readonly used: Set<string>;
}

const kept = new WeakMap<ScenarioSetting, Kept>();

/** A database after the up, without rows of any case; null: the up does not complete where there are none. */
export async function openBench(setting: ScenarioSetting): Promise<PagingBench | null> {
  const known = kept.get(setting);
  if (known !== undefined && setting.current() === known.database && (await isClean(setting.dialect, known)))
    return known;
  const database = await setting.open();
  const outcome = await database.execute(setting.migration.up, setting.limits);
  if (outcome.status !== 'completed') return null;
  const made = await prepareBench(setting.dialect, database);
  kept.set(setting, made);
  return made;
}

async function prepareBench(dialect: Dialect, database: Database): Promise<Kept> {
  const model = await database.introspect();
  const before = await database.capture(LOOK);
  const sessions = new Map<string, DatabaseSession>();
  const used = new Set<string>();
  const session = async (name: string): Promise<DatabaseSession> => {
    const open = sessions.get(name);
    if (open !== undefined) return open;
    const opened = await database.openSession({ name, isReadOnly: name.startsWith('r') });
    sessions.set(name, opened);
    return opened;
  };
  const writers = new Map<string, WriterSession>();
  const bench: Kept = {
    database,
    model,
    before,
    used,
    session,
    writer: async (name) => {
      const open = writers.get(name);
      if (open !== undefined) return open;
      const opened = await database.openWriter(name);
      if (opened === null) throw new Error('writers of this database take turns');
      writers.set(name, opened);
      return opened;
    },
    look: async () => {
      const answer = await (await session('r0')).read('SELECT 1', []);
      if (answer.status !== 'done' || answer.snapshot === null) throw new Error('a look was refused');
      return answer.snapshot;
    },
    use(tables) {
      for (const table of tables) used.add(table);
    },
    clear: async () => {
      if (!(await isClean(dialect, bench))) throw new Error('the rows of a case could not be taken out');
    },
  };
  return bench;
}

/** Whether the database was brought back to what it was before any case. */
async function isClean(dialect: Dialect, bench: Kept): Promise<boolean> {
  const { database, model, before, used } = bench;
  for (let round = 0; round < 2; round++) {
    const tables = [...used];
    const statements = tables.toReversed().map((table) => `DELETE FROM ${table}`);
    const back = rowsOf(before, tables);
    if (back.tables.length > 0) statements.push(dialect.renderRows(back, model));
    const attempt: Attempt = { statements, look: null, ends: 'commit' };
    const [result] = statements.length === 0 ? [] : await database.attempt([attempt]);
    if (result !== undefined && result.fault !== null) return false;
    const now = await database.capture(LOOK);
    const changed = [...before.tables].filter(([key, { digest }]) => now.tables.get(key)?.digest !== digest);
    if (changed.length === 0 && now.catalog.fingerprint === before.catalog.fingerprint) return true;
    // Triggers write elsewhere: from now on that is cleaned, too.
    bench.use(changed.map(([key]) => key));
  }
  return false;
}

function rowsOf(snapshot: Snapshot, tables: readonly string[]): Dataset {
  return {
    tables: tables.flatMap((key) => {
      const state = snapshot.tables.get(key);
      return state?.rows == null || state.rows.length === 0
        ? []
        : [{ table: key, columns: state.columns, rows: state.rows }];
    }),
  };
}
