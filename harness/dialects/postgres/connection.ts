/**
 * Connections: how one is opened, and how exact text is read through it.
 */
import { Client } from 'pg';
import type { CustomTypesConfig, QueryArrayResult } from 'pg';
import type { Row } from '../../core/dataset.ts';
import { messageOf, PalindromeError } from '../../core/errors.ts';
import type { Server } from '../../core/provider.ts';
import { watchSilence } from './silence.ts';

export type PostgresServer = Extract<Server, { dialect: 'postgres' }>;

export interface ConnectOptions {
  /** Default of `statement_timeout` for the session, milliseconds; 0: none. */
  readonly statementMs?: number;
  /** Session defaults, as `name → value`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** How long the server may keep a query waiting without a word, milliseconds. Absent: `statementMs` and a grace; two minutes where that is 0. */
  readonly silenceMs?: number;
  /** Whether queries are sent without waiting for the answers to those before. */
  readonly isPipelined?: boolean;
}

/** Under these settings equal values have equal text on every server. */
export const EXACT_TEXT_SETTINGS: Readonly<Record<string, string>> = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  xmlbinary: 'base64',
  lc_monetary: 'C',
};

/** `SET LOCAL` for each of the exact-text settings, as one multi-statement text. */
export const SET_EXACT_TEXT = Object.entries(EXACT_TEXT_SETTINGS)
  .map(([name, value]) => `SET LOCAL ${name} = '${value}';`)
  .join(' ');

/** Gives every value as the server's own text. */
export const AS_TEXT: CustomTypesConfig = { getTypeParser: () => (value: unknown) => value };

const CONNECT_TIMEOUT_MS = 15_000;
/** Beyond the server's own limit: it may be busy. */
const SILENCE_GRACE_MS = 15_000;
/** For statements of the harness itself, which have no limit. */
const OWN_SILENCE_MS = 120_000;
/** Probes begin after so long, ten of them, a second apart. */
const KEEP_ALIVE_MS = 10_000;
/** How long a server may take to say goodbye. */
const FAREWELL_MS = 5_000;

/** How a person reaches a database: a URL without the password. */
export function addressOf(server: PostgresServer, database: string): string {
  const user = encodeURIComponent(server.user);
  if (server.host.startsWith('/')) {
    return `postgresql://${user}@/${encodeURIComponent(database)}?host=${encodeURIComponent(server.host)}&port=${server.port}`;
  }
  return `postgresql://${user}@${server.host}:${server.port}/${encodeURIComponent(database)}`;
}

/** The same with the password, for a driver; never printed. */
export function urlOf(
  server: Pick<PostgresServer, 'host' | 'port' | 'user' | 'password' | 'ssl'>,
  database: string,
): string {
  const password = server.password === undefined ? '' : `:${encodeURIComponent(server.password)}`;
  const host = server.host.includes(':') ? `[${server.host}]` : server.host;
  const address = `postgresql://${encodeURIComponent(server.user)}${password}@${host}:${server.port}/${encodeURIComponent(database)}`;
  return server.ssl ? `${address}?sslmode=require` : address;
}

/** Opens a session. Throws `server-unreachable` (environment). The caller ends it. */
export async function openClient(
  server: PostgresServer,
  database: string,
  options: ConnectOptions = {},
): Promise<Client> {
  const settings = Object.entries(options.settings ?? {});
  const client = new Client({
    host: server.host,
    port: server.port,
    user: server.user,
    database,
    password: server.password ?? '',
    // The address was given by the user or made by us; a self-signed certificate is what test servers have.
    ssl: server.ssl ? { rejectUnauthorized: false } : false,
    application_name: `palindrome:${server.runId}`,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    pipeline: options.isPipelined ?? false,
    statement_timeout: options.statementMs ?? 0,
    options: [
      '-c client_min_messages=warning',
      ...settings.map(([name, value]) => `-c ${name}=${escapeOption(value)}`),
    ].join(' '),
  });
  // A session that dies while idle is noticed by the next query; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw new PalindromeError(
      'server-unreachable',
      `Cannot connect to PostgreSQL at ${addressOf(server, database)}: ${messageOf(error)}`,
      { kind: 'environment', cause: error },
    );
  }
  const { statementMs = 0 } = options;
  watchSilence(client, options.silenceMs ?? (statementMs === 0 ? OWN_SILENCE_MS : statementMs + SILENCE_GRACE_MS));
  return client;
}

function escapeOption(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll(' ', '\\ ');
}

/** Lets several tasks share a session: each query waits for the one before it. */
export function takeTurns(client: Client): Client {
  const send: (...parameters: readonly unknown[]) => Promise<unknown> = client.query.bind(client);
  let last: Promise<unknown> = Promise.resolve();
  const query = async (...parameters: readonly unknown[]): Promise<unknown> => {
    const turn = last.then(async () => send(...parameters));
    last = turn.catch(() => undefined);
    return turn;
  };
  return Object.assign(client, { query });
}

/** Ends a session and never throws. A server that does not say goodbye is not waited for. */
export async function closeClient(client: Client | null): Promise<void> {
  if (client === null) return;
  const impatient = setTimeout(() => client.connection.stream.destroy(), FAREWELL_MS);
  await client.end().catch(() => undefined);
  clearTimeout(impatient);
}

export interface TextResult {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** Rows that the statement returned or changed. */
  readonly rowCount: number;
}

/** Runs one or more statements in one round trip; one result a statement, every cell as exact text. */
export async function queryText(client: Client, sql: string): Promise<readonly TextResult[]> {
  const results: QueryArrayResult | readonly QueryArrayResult[] = await client.query({
    text: sql,
    rowMode: 'array',
    types: AS_TEXT,
  });
  return (Array.isArray(results) ? results : [results]).map((result: QueryArrayResult) => ({
    columns: result.fields.map((field) => field.name),
    rows: result.rows as Row[],
    rowCount: result.rowCount ?? 0,
  }));
}

/** The rows of a single statement. */
export async function queryRows(client: Client, sql: string): Promise<readonly Row[]> {
  const [result] = await queryText(client, sql);
  return result?.rows ?? [];
}

/** The rows of a statement that stays prepared on the connection under `name`. */
export async function queryPrepared(client: Client, name: string, sql: string): Promise<readonly Row[]> {
  const { rows } = await client.query<(string | null)[]>({ name, text: sql, rowMode: 'array', types: AS_TEXT });
  return rows;
}
