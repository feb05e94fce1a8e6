/**
 * Sessions on a database of the user's own: how they are opened, and which refusals waiting does not change.
 */
import { Client, DatabaseError } from 'pg';
import type { ClientConfig } from 'pg';
import { messageOf, PalindromeError } from '../../core/errors.ts';
import type { LiveTarget } from '../../core/live.ts';

export type PostgresTarget = Extract<LiveTarget, { dialect: 'postgres' }>;

const CONNECT_TIMEOUT_MS = 15_000;
/** The server starts, stops, or has no slot free: it may be different in a moment. */
const PASSING = /^(57P0[1-5]|53300|08|55)/;
const NO_SUCH_DATABASE = '3D000';

/** How a person reaches it: a URL without the password. */
export function addressOfTarget({ host, port, user, database }: PostgresTarget): string {
  const who = encodeURIComponent(user);
  const name = encodeURIComponent(database);
  if (host.startsWith('/')) return `postgresql://${who}@/${name}?host=${encodeURIComponent(host)}&port=${port}`;
  return `postgresql://${who}@${host.includes(':') ? `[${host}]` : host}:${port}/${name}`;
}

/**
 * Opens a session; `settings` are its defaults. Throws `database-unreachable` where it may come yet, `login-refused` and
 * `database-missing` where it will not. The caller ends it.
 */
export async function connectLive(
  target: PostgresTarget,
  purpose: string,
  settings: Readonly<Record<string, string>>,
): Promise<Client> {
  const config: ClientConfig = {
    host: target.host,
    port: target.port,
    user: target.user,
    database: target.database,
    // Without a password of its own, pg would take PGPASSWORD: what was not given is not looked for.
    password: target.password ?? '',
    application_name: `palindrome ${purpose}`,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value.replaceAll('\\', '\\\\').replaceAll(' ', '\\ ')}`)
      .join(' '),
  };
  const isSocket = target.host.startsWith('/');
  const attempts: readonly ClientConfig['ssl'][] =
    target.tls === 'disable' || isSocket
      ? [false]
      : target.tls === 'verify'
        ? [{ rejectUnauthorized: true }]
        : target.tls === 'require'
          ? [{ rejectUnauthorized: false }]
          : [{ rejectUnauthorized: false }, false];
  for (const [at, ssl] of attempts.entries()) {
    const client = new Client({ ...config, ssl });
    // A session that dies while idle is noticed by the next query; without a listener it would end the process.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      const isPlainOnly = !(error instanceof DatabaseError) && /does not support SSL/u.test(messageOf(error));
      if (at < attempts.length - 1 && isPlainOnly) continue;
      throw connectFault(target, error);
    }
  }
  throw new TypeError('there is always one attempt');
}

function connectFault(target: PostgresTarget, error: unknown): PalindromeError {
  const address = addressOfTarget(target);
  const code = error instanceof DatabaseError ? (error.code ?? '') : '';
  if (code === NO_SUCH_DATABASE)
    return new PalindromeError(
      'database-missing',
      `There is no database "${target.database}" on the server at ${address}.`,
      { hint: 'Create it, or correct the URL. Waiting does not help: palindrome creates no database.', cause: error },
    );
  if (code !== '' && !PASSING.test(code))
    return new PalindromeError(
      'login-refused',
      `The server refuses to let "${target.user}" into ${address}: ${messageOf(error)} (SQLSTATE ${code})`,
      { hint: 'Correct the user or the password of the URL, or the rights on the server.', cause: error },
    );
  return new PalindromeError('database-unreachable', `No answer from ${address}: ${messageOf(error)}`, {
    kind: 'environment',
    hint: 'Start the server or correct the URL; --wait goes on asking until it is there.',
    cause: error,
  });
}
