import { describe, expect, it } from 'vitest';
import { closeClient, openClient, queryRows } from '../../../harness/dialects/postgres/connection.ts';
import { embeddedProvider } from '../../../harness/providers/embedded.ts';
import { CAPTURE, LIMITS, openCluster, script } from './support.ts';

const REQUEST = { postgres: null, image: null, serverUrl: null, allowRemote: false, keep: false };

describe('a server that dies', () => {
  it('should end what runs with an error of the environment, and not keep anything from being disposed', async () => {
    await using server = await embeddedProvider.start(REQUEST);
    if (server.dialect !== 'postgres') throw new Error('not a PostgreSQL server');
    await using cluster = await openCluster(server);
    await using database = await cluster.create();
    await database.execute(script('autocommit', 'CREATE TABLE a (n int)'), LIMITS);
    const frozen = await cluster.freeze(await cluster.create(), 'empty');
    const admin = await openClient(server, server.database);
    const [row] = await queryRows(admin, `SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)`);
    const ended = database
      .execute(script('autocommit', 'INSERT INTO a VALUES (1); SELECT pg_sleep(60)'), LIMITS)
      .catch((error: unknown) => error);
    await queryRows(admin, 'SELECT pg_sleep(0.3)');
    process.kill(Number(row?.[0]), 'SIGKILL');
    expect(await ended).toMatchObject({ code: 'server-lost', kind: 'environment' });
    await closeClient(admin);
    await expect(database.capture(CAPTURE)).rejects.toMatchObject({ code: 'server-lost' });
    await expect(cluster.create(frozen)).rejects.toMatchObject({ code: 'server-lost' });
    await frozen[Symbol.asyncDispose]();
  });
});
