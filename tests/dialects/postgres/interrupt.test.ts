/** Sessions and servers that end half-way: what is there afterwards. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster, Database } from '../../../harness/core/dialect.ts';
import type { StopPoint } from '../../../harness/core/interruption.ts';
import type { Server } from '../../../harness/core/provider.ts';
import { openClient, type PostgresServer } from '../../../harness/dialects/postgres/connection.ts';
import { postgresDialect } from '../../../harness/dialects/postgres/dialect.ts';
import { PostgresDatabase } from '../../../harness/dialects/postgres/database.ts';
import { embeddedProvider } from '../../../harness/providers/embedded.ts';
import { REQUEST } from '../../providers/fixtures/look.ts';
import { script } from './support.ts';

const LIMITS = { statementMs: 60_000, scriptMs: 60_000 };
const CAPTURE = { maxRowsPerTable: 100, projections: [] };

let server: Server & PostgresServer;
let cluster: Cluster;

beforeAll(async () => {
  server = (await embeddedProvider.start(REQUEST)) as typeof server;
  cluster = await postgresDialect.openCluster(server, { foreignKeys: true, functions: {}, keep: false });
}, 120_000);

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

function point(rest: Partial<StopPoint>): StopPoint {
  return { after: 1, inside: null, nth: 0, how: 'killed', storage: 'server', ...rest };
}

async function countRows(database: Database, table: string): Promise<string> {
  const result = await database.query(`SELECT count(*) FROM ${table}`, 1, 10_000);
  return result.status === 'rows' ? (result.rows[0]?.[0] ?? '') : result.fault.message;
}

describe('a crash of the server', () => {
  it('should keep what was committed, and undo what was not', async () => {
    await using database = await cluster.create();
    const own = script(
      'autocommit',
      'CREATE TABLE a (n int)',
      'INSERT INTO a VALUES (1)',
      'BEGIN',
      'INSERT INTO a VALUES (2)',
    );
    expect(await database.interrupt(own, LIMITS, point({ after: 4, how: 'server-crash' }))).toEqual({
      status: 'stopped',
    });
    expect(await countRows(database, 'a')).toBe('1');
  }, 120_000);

  it('should take the rows of unlogged tables, which a killed session does not', async () => {
    const own = script('autocommit', 'CREATE UNLOGGED TABLE a (n int)', 'INSERT INTO a VALUES (1)');
    for (const [how, rows] of [
      ['killed', '1'],
      ['server-crash', '0'],
    ] as const) {
      await using database = await cluster.create();
      await database.interrupt(own, LIMITS, point({ after: 2, how }));
      expect(await countRows(database, 'a')).toBe(rows);
    }
  }, 120_000);

  it('should not happen where rows that were there before would be lost, and say so', async () => {
    await using database = await cluster.create();
    await database.run('CREATE UNLOGGED TABLE a (n int); INSERT INTO a VALUES (1)');
    const stop = await database.interrupt(
      script('autocommit', 'CREATE TABLE b (n int)'),
      LIMITS,
      point({ how: 'server-crash' }),
    );
    expect(stop).toMatchObject({ status: 'missed', reason: expect.stringContaining('empties unlogged tables') });
    expect(await countRows(database, 'a')).toBe('1');
    expect(await countRows(database, 'b')).toBe('0');
  }, 120_000);

  it('should leave the cluster in working order', async () => {
    await using one = await cluster.create();
    await one.run('CREATE TABLE a (n int)');
    const template = await cluster.freeze(one, 'k');
    await using other = await cluster.create(template);
    await other.interrupt(script('autocommit', 'INSERT INTO a VALUES (1)'), LIMITS, point({ how: 'server-crash' }));
    await using clone = await cluster.create(template);
    expect([await countRows(other, 'a'), await countRows(clone, 'a')]).toEqual(['1', '0']);
  }, 120_000);

  it('should be refused by a server that is not ours', async () => {
    const shared = {
      ...server,
      provider: 'server' as const,
      crash: { isPossible: false as const, why: 'it is somebody’s' },
    };
    await using own = await postgresDialect.openCluster(shared, { foreignKeys: true, functions: {}, keep: false });
    expect(own.whyNoCrash).toBe('it is somebody’s');
  }, 120_000);
});

describe('a statement_timeout that fires', () => {
  it('should leave what cancelling the statement leaves', async () => {
    const build = 'CREATE INDEX CONCURRENTLY a_n ON a (n)';
    const states: string[] = [];
    const ended: string[] = [];
    for (const isReal of [false, true]) {
      await using database = await cluster.create();
      await database.run('CREATE TABLE a (n int)');
      if (isReal) {
        if (!(database instanceof PostgresDatabase)) throw new TypeError('not a database of PostgreSQL');
        const { name } = database.whereabouts;
        const [holder, victim] = [await openClient(server, name), await openClient(server, name)];
        await holder.query('BEGIN; LOCK TABLE a IN ROW EXCLUSIVE MODE');
        await victim.query(`SET statement_timeout = '300ms'`);
        ended.push(
          await victim.query(build).then(
            () => 'completed',
            (error: unknown) => String(error),
          ),
        );
        await Promise.all([holder.end(), victim.end()]);
      } else {
        const inside = point({ after: 0, inside: 'waits-for-writers', how: 'cancelled' });
        ended.push((await database.interrupt(script('autocommit', build), LIMITS, inside)).status);
      }
      states.push((await database.capture(CAPTURE)).catalog.fingerprint);
      expect(await database.findIndexes(['a_n'])).toMatchObject([{ state: 'invalid' }]);
    }
    expect(ended).toEqual(['stopped', expect.stringContaining('statement timeout')]);
    expect(states[0]).toBe(states[1]);
  }, 120_000);
});
