/** Sessions on a claim's database: opened, watched while they wait for a lock, and the structure that they leave behind. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';

/** A connection that closes with its scope. */
export interface Session extends AsyncDisposable {
  readonly client: Client;
  readonly pid: number;
}

const BLOCKED_WITHIN_MS = 20_000;

/** Opens a session. The caller disposes it. */
export async function openSession(url: string, statementMs = 60_000): Promise<Session> {
  const client = new Client({ connectionString: url, statement_timeout: statementMs });
  // One that is ended from outside says so with its next query.
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return {
    client,
    pid: rows[0]?.pid ?? 0,
    async [Symbol.asyncDispose]() {
      await client.end().catch(() => undefined);
    },
  };
}

/** Runs statements in a session of their own. */
export async function runIn(url: string, sql: string): Promise<void> {
  await using session = await openSession(url);
  await session.client.query(sql);
}

/** Rows of one query, in a session of its own. */
export async function rowsOf<Row extends object>(url: string, sql: string, values: unknown[] = []): Promise<Row[]> {
  await using session = await openSession(url);
  const { rows } = await session.client.query<Row>(sql, values);
  return rows;
}

/** Resolves when the backend waits for a lock; throws if it does not come to that. */
export async function untilBlocked(watcher: Session, pid: number): Promise<void> {
  const until = performance.now() + BLOCKED_WITHIN_MS;
  while (performance.now() < until) {
    const { rows } = await watcher.client.query<{ blocked: boolean }>(
      'SELECT cardinality(pg_blocking_pids($1)) > 0 AS blocked',
      [pid],
    );
    if (rows[0]?.blocked === true) return;
    await sleep(10);
  }
  throw new Error(`Backend ${pid} never waited for a lock.`);
}

/** How a promise of work on a database ended: `ok`, or the error in a line: SQLSTATE and message. */
export async function endOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    if (error instanceof DatabaseError) return `${error.code}: ${error.message}`;
    if (error instanceof Error) return error.message;
    throw error;
  }
}

/**
 * Schemas, tables with their columns, enums, constraints and indices (definition and validity), a line each, sorted. Ledgers (Prisma's, the runner's) are left out.
 * Column order is part of it.
 */
export async function structureOf(url: string): Promise<readonly string[]> {
  const rows = await rowsOf<{ line: string }>(
    url,
    `WITH mine AS (SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
       tables AS (SELECT c.oid, format('%s.%s', n.nspname, c.relname) AS name FROM pg_class c JOIN mine n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p') AND c.relname NOT IN ('_prisma_migrations', 'palindrome_ledger'))
     SELECT format('schema %s', nspname) AS line FROM mine
     UNION ALL SELECT format('table %s (%s)', t.name, (SELECT string_agg(format('%s %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
         CASE WHEN a.attnotnull THEN ' not null' END, ' default ' || pg_get_expr(d.adbin, d.adrelid)), ', ' ORDER BY a.attnum)
       FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped)) FROM tables t
     UNION ALL SELECT format('enum %s.%s (%s)', n.nspname, y.typname, string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder))
       FROM pg_type y JOIN mine n ON n.oid = y.typnamespace JOIN pg_enum e ON e.enumtypid = y.oid GROUP BY n.nspname, y.typname
     UNION ALL SELECT format('constraint %s on %s: %s', k.conname, t.name, pg_get_constraintdef(k.oid)) FROM pg_constraint k JOIN tables t ON t.oid = k.conrelid
     UNION ALL SELECT format('index %s%s', pg_get_indexdef(i.indexrelid), CASE WHEN NOT i.indisvalid THEN ' (invalid)' END)
       FROM pg_index i JOIN tables t ON t.oid = i.indrelid
     ORDER BY 1`,
  );
  return rows.map(({ line }) => line);
}

/** What differs between two structures, as `+` and `-` lines. */
export function structuralDifferences(expected: readonly string[], found: readonly string[]): readonly string[] {
  return [
    ...expected.filter((line) => !found.includes(line)).map((line) => `- ${line}`),
    ...found.filter((line) => !expected.includes(line)).map((line) => `+ ${line}`),
  ];
}
