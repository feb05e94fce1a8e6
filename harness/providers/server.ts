/**
 * A server that somebody else runs. This provider starts and stops nothing: it refuses what is not on this machine unless told otherwise,
 * and makes sure that PostgreSQL answers. Databases are made, and dropped again, by the dialect, under names that carry the run's id.
 */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { PalindromeError, messageOf } from '../core/errors.ts';
import type { Probe, Provider, Server, ServerRequest } from '../core/provider.ts';
import { makeRunId } from './lease.ts';
import { formatAddress, isLoopback, parseServerUrl } from './server-url.ts';
import type { ServerAddress } from './server-url.ts';

const ANSWER_LIMIT_MS = 5_000;
/** Length and code of the protocol's SSLRequest, to which a server answers `S` or `N` before anybody logs in. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** A server given by URL. Hosts other than loopback are refused without `allowRemote`. */
export const serverProvider: Provider = {
  name: 'server',
  dialect: 'postgres',
  async probe(request): Promise<Probe> {
    try {
      const address = readAddress(request);
      await askForTls(address);
      return { works: true, detail: `PostgreSQL answers at ${formatAddress(address)}` };
    } catch (error) {
      const hint = error instanceof PalindromeError ? error.hint : undefined;
      return { works: false, reason: messageOf(error), remedy: hint ?? 'Check the server URL.' };
    }
  },
  async start(request): Promise<Server> {
    const { sslMode, ...address } = readAddress(request);
    const offersTls = await askForTls(address);
    if ((sslMode === 'require' || sslMode === 'verify') && !offersTls) {
      throw new PalindromeError(
        'server-without-tls',
        `The server at ${formatAddress(address)} does not offer TLS, which the URL requires.`,
        {
          kind: 'environment',
          hint: 'Enable ssl on the server, or use sslmode=prefer.',
        },
      );
    }
    return {
      dialect: 'postgres',
      provider: 'server',
      ...address,
      ssl: sslMode !== 'disable' && offersTls,
      runId: makeRunId(),
      isExclusive: false,
      crash: { isPossible: false, why: 'the server at the URL belongs to somebody else, and is never stopped' },
      async [Symbol.asyncDispose]() {
        // Nothing was started.
      },
    };
  },
};

function readAddress(request: ServerRequest): ServerAddress {
  if (request.serverUrl === null) {
    throw new PalindromeError('server-url-missing', 'The provider `server` needs to know where the server is.', {
      hint: 'Give --server-url postgres://user@127.0.0.1:5432/postgres.',
    });
  }
  const address = parseServerUrl(request.serverUrl);
  if (isLoopback(address.host) || request.allowRemote) return address;
  throw new PalindromeError(
    'remote-refused',
    `The server ${address.host} is not on this machine. Palindrome creates, fills and drops databases of its own there, and takes up the server's time.`,
    { hint: 'If that is meant, say so with --allow-remote.' },
  );
}

async function askForTls(address: Pick<ServerAddress, 'host' | 'port'>): Promise<boolean> {
  const socket = address.host.startsWith('/')
    ? connect(`${address.host}/.s.PGSQL.${address.port}`)
    : connect(address.port, address.host);
  try {
    const answer = await readAnswer(socket);
    if (answer === 'S' || answer === 'N') return answer === 'S';
  } catch (error) {
    throw new PalindromeError(
      'server-unreachable',
      `No PostgreSQL server answers at ${formatAddress(address)}: ${reasonOf(error)}.`,
      {
        kind: 'environment',
        hint: 'Start the server, or correct the host and port of the server URL.',
        cause: error,
      },
    );
  } finally {
    socket.destroy();
  }
  throw new PalindromeError(
    'server-not-postgres',
    `What answers at ${formatAddress(address)} is not a PostgreSQL server.`,
    {
      kind: 'environment',
      hint: 'Correct the host and port of the server URL.',
    },
  );
}

async function readAnswer(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(ANSWER_LIMIT_MS, () => reject(new Error(`no answer within ${ANSWER_LIMIT_MS / 1000} s`)));
    socket.once('error', reject);
    socket.once('connect', () => socket.write(SSL_REQUEST));
    socket.once('data', (data) => resolve(data.toString('latin1', 0, 1)));
    socket.once('close', () => reject(new Error('it closed the connection without an answer')));
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (ECONNREFUSED)',
  ENOTFOUND: 'there is no host of that name (ENOTFOUND)',
  EAI_AGAIN: 'the host name could not be looked up (EAI_AGAIN)',
  ENOENT: 'there is no such socket (ENOENT)',
  EACCES: 'the socket may not be opened (EACCES)',
  EHOSTUNREACH: 'the host cannot be reached (EHOSTUNREACH)',
  ENETUNREACH: 'the network cannot be reached (ENETUNREACH)',
  ECONNRESET: 'it broke the connection (ECONNRESET)',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? messageOf(error);
}
