/** What the scenarios of `portfolio-lots` share: sessions on one database, and a form's scripts run as `psql -f` runs them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { splitScript } from '../../../harness/dialects/postgres/split.ts';

/** The folder of the reference set. */
export const SET_FOLDER = join(import.meta.dirname, '../../../migrations/reference/portfolio-lots');

export type LotsForm = 'as-documented' | 'hardened';

/** A row with every cell as the database's own text. */
type TextRow = Readonly<Record<string, string | null>>;

/** One session. Ends with its scope; a statement that still runs is given up. */
export interface Session extends AsyncDisposable {
  /** The number by which other sessions see it. */
  readonly pid: number;
  /** Runs SQL and returns the rows of its last statement, every cell as text. Throws what the database says. */
  ask(sql: string, values?: readonly string[]): Promise<readonly TextRow[]>;
  /** Runs SQL that may fail: the SQLSTATE and message of the database, or null where it went through. */
  refusalOf(sql: string): Promise<string | null>;
  /** Messages that scripts raised so far (`RAISE NOTICE`). */
  readonly notices: readonly string[];
}

/** Opens a session on the database of a URL. */
export async function openSession(url: string): Promise<Session> {
  const client = new Client({ connectionString: url, types: { getTypeParser: () => (text: string) => text } });
  const notices: string[] = [];
  // A session that is ended from outside reports it here, and to the statement that waits.
  client.on('error', () => undefined);
  client.on('notice', ({ message }) => notices.push(message ?? ''));
  await client.connect();
  const ask = async (sql: string, values: readonly string[] = []) => {
    const results = await (values.length === 0 ? client.query<TextRow>(sql) : client.query<TextRow>(sql, [...values]));
    return (Array.isArray(results) ? (results as (typeof results)[]).at(-1) : results)?.rows ?? [];
  };
  const [self] = await ask('SELECT pg_backend_pid() AS pid');
  return {
    pid: Number(self?.['pid']),
    ask,
    refusalOf: (sql) => ask(sql).then(() => null, sayFault),
    notices,
    [Symbol.asyncDispose]: () => client.end(),
  };
}

function sayFault(fault: unknown): string {
  const { code, message } = fault as Error & { code?: string };
  return `${message}${code === undefined ? '' : ` (${code})`}`;
}

/** How a script that is run statement by statement ended. */
export interface ScriptEnd {
  /** Statements that went through. */
  readonly completed: number;
  /** What the database said to the one that did not, with its SQLSTATE; null where all went through. */
  readonly refusal: string | null;
}

export interface RunOptions {
  /** What to do before the first statement whose text contains it, as other sessions do while the script runs. */
  readonly before?: { readonly statement: string; readonly act: () => Promise<void> };
  /** Stands for the script's own `SET statement_timeout = '30s'`, so that a timeout need not be waited for. */
  readonly timeout?: string;
}

/** Runs a file of a form as `psql -v ON_ERROR_STOP=1 -f` does: statement by statement, each committing alone, until one fails. */
export async function runFile(
  session: Session,
  form: LotsForm,
  file: string,
  { before, timeout }: RunOptions = {},
): Promise<ScriptEnd> {
  const text = await readFile(join(SET_FOLDER, form, file), 'utf8');
  const statements = await splitScript({ file, text });
  const place = statements.findIndex((statement) => before !== undefined && statement.text.includes(before.statement));
  if (before !== undefined && place === -1) throw new Error(`No statement of ${form}/${file} has ${before.statement}.`);
  for (const [index, statement] of statements.entries()) {
    if (index === place) await before?.act();
    const sql =
      timeout === undefined ? statement.text : statement.text.replace(/(?<=statement_timeout = )'30s'/, `'${timeout}'`);
    const refusal = await session.refusalOf(sql);
    if (refusal !== null) return { completed: index, refusal };
  }
  return { completed: statements.length, refusal: null };
}

/** Runs files that must go through; throws what the database says. */
export async function runFiles(session: Session, form: LotsForm, files: readonly string[]): Promise<void> {
  for (const file of files) {
    const { refusal } = await runFile(session, form, file);
    if (refusal !== null) throw new Error(`${form}/${file}: ${refusal}`);
  }
}

/** The schema before the change, with two funds, an investment in each, and a snapshot of each. */
export async function buildBaseline(session: Session, form: LotsForm): Promise<void> {
  await runFiles(session, form, ['0000_portfolio_schema.sql']);
  await session.ask(`
    INSERT INTO funds (name, size) VALUES ('Fund 1', 50000000.00), ('Fund 2', 80000000.00);
    INSERT INTO investments (fund_id, company_name, amount, investment_date)
      VALUES (1, 'Company 1', 1000000.00, '2024-01-02'), (2, 'Company 2', 2500000.00, '2024-03-04');
    INSERT INTO forecast_snapshots (id, fund_id, name, snapshot_time) VALUES
      ('00000000-0000-0000-0000-0000000000f1', 1, 'Q1', '2024-04-01 00:00:00.000001+00'),
      ('00000000-0000-0000-0000-0000000000f2', 2, 'Q1', '2024-04-01 00:00:00.000002+00')`);
}

/** Statements that insert a snapshot with an idempotency key. */
export function snapshotWithKey(fund: number, key: string, more = ''): string {
  const [columns, values] = more === '' ? ['', ''] : [', version', `, ${more}`];
  return `INSERT INTO forecast_snapshots (fund_id, name, snapshot_time, idempotency_key${columns}) VALUES (${fund}, 'forecast', '2024-05-06', '${key}'${values})`;
}

/** What the rollback must leave alone or bring back: rows, version columns, indexes and constraints, a line each, in order. */
export async function readState(session: Session): Promise<readonly string[]> {
  const rows = await session.ask(`
    SELECT line FROM (
      SELECT 'row ' || to_jsonb(s)::text AS line FROM forecast_snapshots s
      UNION ALL SELECT 'row ' || to_jsonb(l)::text FROM investment_lots l
      UNION ALL SELECT 'row ' || to_jsonb(r)::text FROM reserve_allocations r
      UNION ALL SELECT format('column %s.version %s default %s', table_name, data_type, column_default)
        FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'version'
      UNION ALL SELECT format('index %s%s', indexrelid::regclass, CASE WHEN indisvalid THEN '' ELSE ' INVALID' END)
        FROM pg_index WHERE indrelid IN ('forecast_snapshots'::regclass, 'investment_lots'::regclass, 'reserve_allocations'::regclass)
      UNION ALL SELECT format('constraint %s', conname) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    ) AS state ORDER BY line COLLATE "C"`);
  return rows.map(({ line }) => line ?? '');
}

/** What is in one state and not in the other, as sentences' ends; empty: nothing. */
export function compareStates(before: readonly string[], after: readonly string[]): readonly string[] {
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `${line} is gone`),
    ...after.filter((line) => !before.includes(line)).map((line) => `${line} is new`),
  ];
}

/** Waits until a session waits for a lock: the sessions it waits for. Throws after ten seconds. */
export async function waitForBlock(watcher: Session, pid: number): Promise<readonly number[]> {
  for (const deadline = performance.now() + 10_000; performance.now() < deadline;) {
    const [row] = await watcher.ask(`SELECT array_to_string(pg_blocking_pids(${pid}), ',') AS pids`);
    const pids = row?.['pids'] ?? '';
    if (pids !== '') return pids.split(',').map(Number);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Session ${pid} did not wait for anyone.`);
}
