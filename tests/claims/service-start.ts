/** The entrypoints of `service-schemas`, and the databases that they may meet. */
import type { Migration } from '../../harness/core/migration.ts';
import { PAGINATION_INDICES } from '../../migrations/reference/service-schemas/smoke-tests.ts';
import { postgresDialect } from '../../harness/dialects/postgres/dialect.ts';
import type { Form } from './claim.ts';
import { prismaDeploy } from './prisma-model.ts';
import { readForm } from './read-form.ts';
import type { Session } from './sessions.ts';
import { endOf, openSession, runIn, untilBlocked } from './sessions.ts';

const SET = 'service-schemas';
const ENSURE_SCHEMAS = '00000000000000_ensure_schemas';
export const INDICES = '20250814_add_pagination_indices';

/** The set's migrations, and the script that makes the schemas before them. */
export interface Services {
  readonly migrations: readonly Migration[];
  readonly ensureSchemas: string;
}

export async function readServices(form: Form): Promise<Services> {
  const { migrations } = await readForm(SET, form);
  return { migrations, ensureSchemas: migrationOf(migrations, ENSURE_SCHEMAS).up.text };
}

export function migrationOf(migrations: readonly Migration[], name: string): Migration {
  const found = migrations.find((migration) => migration.name === name);
  if (found === undefined) throw new Error(`The set has no ${name}.`);
  return found;
}

/** The entrypoint of a service with Prisma: schemas by `prisma db execute` (one call), then `prisma migrate deploy`. */
export async function startPrismaService(url: string, services: Services): Promise<readonly string[]> {
  await runIn(url, services.ensureSchemas);
  return prismaDeploy(url, services.migrations);
}

/** The entrypoint of a service without Prisma: schemas by `psql`, statement by statement, stopping at the first error. */
export async function startRawService(url: string, services: Services): Promise<void> {
  await using session = await openSession(url);
  await send(session, await statementsOf(services.ensureSchemas));
}

async function statementsOf(script: string): Promise<readonly string[]> {
  const statements = await postgresDialect.split({ file: 'ensure-schemas.sql', text: script });
  return statements.map(({ text }) => text);
}

/** How a service sends the script that makes the schemas: Prisma in one call, psql statement by statement, stopping at the first error. */
export type Sender = 'prisma db execute' | 'psql';

/**
 * Two services make the schemas of one database at once, the second while the first one's transaction is open: what its first statement
 * did is there, but not committed. Returns how the second ended.
 */
export async function meetWhileMakingSchemas(
  url: string,
  { ensureSchemas }: Services,
  sender: Sender,
): Promise<string> {
  await using first = await openSession(url);
  await using second = await openSession(url);
  await using watcher = await openSession(url);
  const statements = await statementsOf(ensureSchemas);
  const [begun = '', ...rest] = statements;
  await first.client.query('BEGIN');
  await first.client.query(begun);
  const ended = endOf(send(second, sender === 'psql' ? statements : [ensureSchemas]));
  await untilBlocked(watcher, second.pid);
  for (const statement of rest) await first.client.query(statement);
  await first.client.query('COMMIT');
  // Awaited here: the sessions end with this function.
  return await ended;
}

async function send({ client }: Session, calls: readonly string[]): Promise<void> {
  for (const call of calls) await client.query(call);
}

/** Rows in the four tables that are paged through: enough that the planner has a choice, in an order unlike that of the pages. */
export const POPULATE = `
  INSERT INTO financial.clients (id, name, status, created_at, updated_at)
  SELECT md5('c' || n)::uuid, 'client ' || n, (ARRAY['PROSPECT', 'ACTIVE', 'ACTIVE', 'ARCHIVED'])[1 + n % 4]::financial."ClientStatus",
    timestamp '2024-01-01' + (n * 7919 % 5000) * interval '1 hour', timestamp '2025-01-01' FROM generate_series(1, 10000) n;
  INSERT INTO financial.accounts (id, client_id, institution, name, currency, created_at, updated_at)
  SELECT md5('a' || n)::uuid, md5('c' || n)::uuid, 'bank ' || n % 20, 'account ' || n, 'EUR',
    timestamp '2024-01-01' + (n * 7919 % 5000) * interval '1 hour', timestamp '2025-01-01' FROM generate_series(1, 10000) n;
  INSERT INTO financial.invoices (id, client_id, number, status, issue_date, total)
  SELECT md5('i' || n)::uuid, md5('c' || n)::uuid, 'R-' || n,
    (ARRAY['DRAFT', 'SENT', 'PAID', 'PAID', 'OVERDUE', 'VOID'])[1 + n % 6]::financial."InvoiceStatus", date '2024-01-01' + n * 7919 % 600, 1
  FROM generate_series(1, 10000) n;
  INSERT INTO financial.transactions (id, account_id, status, date, amount)
  SELECT md5('t' || n)::uuid, md5('a' || 1 + n % 20)::uuid,
    (ARRAY['PENDING', 'POSTED', 'POSTED', 'REVERSED'])[1 + n % 4]::financial."TransactionStatus", date '2024-01-01' + n * 7919 % 600, 1
  FROM generate_series(1, 10000) n;
  ANALYZE;`;

/** A value of each filter that is neither everywhere nor nowhere in the populated tables. */
const FILTERED_BY: Readonly<Record<string, string>> = {
  'financial.clients': `'ACTIVE'`,
  'financial.accounts': `'bank 3'`,
  'financial.invoices': `'SENT'`,
  'financial.transactions': `'POSTED'`,
  'financial.transactions.account_id': `md5('a7')::uuid`,
};

interface Page {
  /** The index that should serve it. */
  readonly index: string;
  readonly kind: 'first page' | 'third page' | 'page after a row';
  readonly sql: string;
}

/** For each pagination index: the first page, a later one by OFFSET, and one that begins after a row (a keyset). */
export function paginationQueries(): readonly Page[] {
  return PAGINATION_INDICES.flatMap(({ name, table, filter, order }): Page[] => {
    const value = FILTERED_BY[`${table}.${filter}`] ?? FILTERED_BY[table];
    const filtered = filter === null ? 'true' : `${filter} = ${value}`;
    const from = `SELECT * FROM ${table} WHERE ${filtered}`;
    return [
      { index: name, kind: 'first page', sql: `${from} ORDER BY ${order} DESC LIMIT 20` },
      { index: name, kind: 'third page', sql: `${from} ORDER BY ${order} DESC LIMIT 20 OFFSET 40` },
      {
        index: name,
        kind: 'page after a row',
        sql: `${from} AND (${order}, id) < ('2024-06-01', md5('c77')::uuid) ORDER BY ${order} DESC, id DESC LIMIT 20`,
      },
    ];
  });
}
