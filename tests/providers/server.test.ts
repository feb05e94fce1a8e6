import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Server } from '../../harness/core/provider.ts';
import { embeddedProvider } from '../../harness/providers/embedded.ts';
import { parseServerUrl } from '../../harness/providers/server-url.ts';
import { serverProvider } from '../../harness/providers/server.ts';
import { REQUEST } from './fixtures/look.ts';

const to = (serverUrl: string, allowRemote = false) => ({ ...REQUEST, serverUrl, allowRemote });

async function failureOf(serverUrl: string | null, allowRemote = false): Promise<Record<string, unknown>> {
  const failure: unknown = await serverProvider
    .start({ ...REQUEST, serverUrl, allowRemote })
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Error);
  expect(JSON.stringify([failure, String(failure), (failure as Error).stack])).not.toContain('s3cret');
  return failure as Record<string, unknown>;
}

/** A TCP server that treats every connection alike. */
async function listen(onConnection: (socket: Socket) => void): Promise<AsyncDisposable & { port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('the URL of a server', () => {
  it.each([
    [
      'postgres://127.0.0.1',
      { host: '127.0.0.1', port: 5432, user: 'postgres', password: undefined, database: 'postgres', sslMode: 'prefer' },
    ],
    [
      'postgresql://al%40ice:s3cret%2F%25@localhost:6543/my%20db?sslmode=require',
      { host: 'localhost', port: 6543, user: 'al@ice', password: 's3cret/%', database: 'my db', sslMode: 'require' },
    ],
    [
      'postgres://u@[::1]:1/d?sslmode=disable',
      { host: '::1', port: 1, user: 'u', password: undefined, database: 'd', sslMode: 'disable' },
    ],
    [
      'postgres:///d?host=/var/run/postgresql&port=7',
      { host: '/var/run/postgresql', port: 7, user: 'postgres', password: undefined, database: 'd', sslMode: 'prefer' },
    ],
    [
      'postgres://u:p@/d?host=%2Ftmp',
      { host: '/tmp', port: 5432, user: 'u', password: 'p', database: 'd', sslMode: 'prefer' },
    ],
  ])('should be read as libpq reads it: %s', (url, address) => {
    expect(parseServerUrl(url)).toEqual(address);
  });

  it.each([
    ['', 'does not parse'],
    ['127.0.0.1:5432', 'does not parse'],
    ['localhost:5432', 'postgres://'],
    ['mysql://u:s3cret@127.0.0.1/d', 'postgres://'],
    ['postgres://u:s3cret@127.0.0.1:99999/d', 'does not parse'],
    ['postgres://u:s3cret@127.0.0.1:0/d', 'port'],
    ['postgres://u:s3cret%zz@127.0.0.1/d', '%25'],
    ['postgres://u:s3cret@127.0.0.1/d?sslmode=perhaps', 'sslmode'],
  ])('should be refused with the reason and without the password: %s', async (url, words) => {
    expect(await failureOf(url)).toMatchObject({
      code: 'server-url-invalid',
      kind: 'usage',
      message: expect.stringContaining(words),
    });
  });
});

describe('the server provider', () => {
  let embedded: Server & { dialect: 'postgres' };
  beforeAll(async () => {
    embedded = (await embeddedProvider.start(REQUEST)) as typeof embedded;
  });
  afterAll(() => embedded[Symbol.asyncDispose]());

  it('should take a server that answers, share it, and leave it up', async () => {
    const url = `postgres://postgres:pw@/postgres?host=${embedded.host}&port=${embedded.port}`;
    const server = await serverProvider.start(to(url));
    expect(server).toMatchObject({
      host: embedded.host,
      port: embedded.port,
      user: 'postgres',
      password: 'pw',
      ssl: false,
      isExclusive: false,
      crash: { isPossible: false, why: expect.stringContaining('belongs to somebody else') },
    });
    await server[Symbol.asyncDispose]();
    expect(await serverProvider.probe(to(url))).toMatchObject({ works: true });
  });

  it('should give every run another id on the same server', async () => {
    const url = `postgres:///?host=${embedded.host}`;
    const [first, second] = [await serverProvider.start(to(url)), await serverProvider.start(to(url))];
    expect(first.runId).toMatch(/^[a-z0-9]{10}$/);
    expect(first.runId).not.toBe(second.runId);
  });

  it.each(['db.example.com', '10.0.0.5', '0.0.0.0', '[2001:db8::1]', '127.0.0.1.example.com', 'localhost.example.com'])(
    'should refuse %s and name the host and the flag',
    async (host) => {
      expect(await failureOf(`postgres://u:s3cret@${host}/d`)).toMatchObject({
        code: 'remote-refused',
        kind: 'usage',
        message: expect.stringContaining(host.replace(/^\[|\]$/g, '')),
        hint: expect.stringContaining('--allow-remote'),
      });
    },
  );

  it('should refuse a remote host that hides behind a loopback one', async () => {
    expect(await failureOf('postgres://u:s3cret@127.0.0.1/d?host=db.example.com')).toMatchObject({
      code: 'remote-refused',
    });
  });

  it('should try a remote host that was allowed', async () => {
    expect(await failureOf('postgres://u:s3cret@db.invalid/d', true)).toMatchObject({
      code: 'server-unreachable',
      kind: 'environment',
      message: expect.stringContaining('db.invalid:5432'),
    });
  });

  it('should say where nothing listens, and why', async () => {
    let port = 0;
    {
      await using closed = await listen(() => undefined);
      port = closed.port;
    }
    const failure = await failureOf(`postgres://u:s3cret@127.0.0.1:${port}/d`);
    expect(failure).toMatchObject({
      code: 'server-unreachable',
      kind: 'environment',
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
    expect(failure['message']).toContain('ECONNREFUSED');
    expect(await serverProvider.probe(to(`postgres://u:s3cret@127.0.0.1:${port}/d`))).toMatchObject({
      works: false,
      reason: expect.stringContaining('ECONNREFUSED'),
      remedy: expect.stringContaining('Start the server'),
    });
  });

  it('should not take something else for a PostgreSQL server', async () => {
    await using web = await listen((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    expect(await failureOf(`postgres://127.0.0.1:${web.port}`)).toMatchObject({ code: 'server-not-postgres' });
    await using shy = await listen((socket) => socket.end());
    expect(await failureOf(`postgres://127.0.0.1:${shy.port}`)).toMatchObject({ code: 'server-unreachable' });
  });

  it('should not wait for ever for a server that says nothing', async () => {
    await using mute = await listen(() => undefined);
    expect(await failureOf(`postgres://127.0.0.1:${mute.port}`)).toMatchObject({
      code: 'server-unreachable',
      message: expect.stringContaining('no answer within'),
    });
  });

  it('should use TLS where the server offers it, and insist where the URL does', async () => {
    await using tls = await listen((socket) => socket.once('data', () => socket.write('S')));
    await using plain = await listen((socket) => socket.once('data', () => socket.write('N')));
    expect(await serverProvider.start(to(`postgres://127.0.0.1:${tls.port}`))).toMatchObject({ ssl: true });
    expect(await serverProvider.start(to(`postgres://127.0.0.1:${tls.port}?sslmode=disable`))).toMatchObject({
      ssl: false,
    });
    expect(await failureOf(`postgres://127.0.0.1:${plain.port}?sslmode=verify-full`)).toMatchObject({
      code: 'server-without-tls',
    });
  });

  it('should ask for the URL where none was given', async () => {
    expect(await failureOf(null)).toMatchObject({
      code: 'server-url-missing',
      kind: 'usage',
      hint: expect.stringContaining('--server-url'),
    });
  });
});
