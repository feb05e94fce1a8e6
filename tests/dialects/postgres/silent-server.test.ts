/** A network that takes what is sent and brings nothing back: the server is there, and nobody hears of it. */
import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeClient, openClient, queryRows } from '../../../harness/dialects/postgres/connection.ts';
import { rethrow } from '../../../harness/dialects/postgres/faults.ts';
import { openCluster, type PostgresServer, script, startServer } from './support.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server[Symbol.asyncDispose]());

interface Wire extends AsyncDisposable {
  /** The server as it is reached over the wire. */
  readonly server: PostgresServer;
  /** From now on nothing is passed on, and no connection is closed. */
  fallSilent(): void;
}

async function openWire(): Promise<Wire> {
  const sockets = new Set<Socket>();
  let isSilent = false;
  const pass = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.on('data', (data) => void (isSilent || to.write(data)));
    from.on('error', () => undefined);
    from.on('close', () => void (isSilent || to.destroy()));
  };
  const proxy = createServer((near) => {
    const far = server.host.startsWith('/')
      ? connect(`${server.host}/.s.PGSQL.${server.port}`)
      : connect(server.port, server.host);
    pass(near, far);
    pass(far, near);
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  return {
    server: { ...server, host: '127.0.0.1', port: (proxy.address() as AddressInfo).port },
    fallSilent: () => (isSilent = true),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => proxy.close(done));
    },
  };
}

describe('a server that falls silent', () => {
  it('should end a query that waits with an error of the environment, and the session with it', async () => {
    await using wire = await openWire();
    const client = await openClient(wire.server, 'postgres', { silenceMs: 400 });
    expect(await queryRows(client, 'SELECT 1')).toEqual([['1']]);
    // Words from the server count, however long the statement takes.
    const talking = `SELECT repeat('a', 20000), pg_sleep(0.25) FROM generate_series(1, 4)`;
    expect(await queryRows(client, talking)).toHaveLength(4);
    wire.fallSilent();
    const failed = await queryRows(client, 'SELECT 2').catch((error: unknown) => error);
    expect(failed).toMatchObject({ message: 'no answer for 0.4 s' });
    expect(() => rethrow(failed, 'there', 'asking')).toThrow(expect.objectContaining({ code: 'server-lost' }));
    await expect(queryRows(client, 'SELECT 3')).rejects.toThrow(/./);
    await closeClient(client);
  });

  it('should not take a session that nobody asks anything for a silent one', async () => {
    await using wire = await openWire();
    const client = await openClient(wire.server, 'postgres', { silenceMs: 100 });
    await new Promise((done) => setTimeout(done, 300));
    expect(await queryRows(client, 'SELECT 1')).toEqual([['1']]);
    await closeClient(client);
  });

  it('should end a script once its time limit and a grace are over', { timeout: 120_000 }, async () => {
    await using wire = await openWire();
    await using cluster = await openCluster(wire.server);
    const database = await cluster.create();
    const limits = { statementMs: 500, scriptMs: 1_000 };
    await database.execute(script('autocommit', 'CREATE TABLE a (n int)'), limits);
    wire.fallSilent();
    const ended = await database
      .execute(script('autocommit', 'INSERT INTO a VALUES (1)'), limits)
      .catch((error: unknown) => error);
    expect(ended).toMatchObject({ code: 'server-lost', kind: 'environment' });
    await wire[Symbol.asyncDispose]();
  });

  it('should not wait for a silent server to say goodbye', { timeout: 60_000 }, async () => {
    await using wire = await openWire();
    const client = await openClient(wire.server, 'postgres');
    wire.fallSilent();
    await closeClient(client);
    expect(client.connection.stream.destroyed).toBe(true);
  });
});
