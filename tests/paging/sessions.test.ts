/** Sessions that stay: what a step answers, on both dialects. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../harness/core/dialect.ts';
import type { LaterWrite } from '../../harness/core/later-write.ts';
import type { DatabaseSession, SessionAnswer } from '../../harness/core/session.ts';
import { DIALECTS, openDialect, type OpenDialect } from './support.ts';

const TABLE = { postgres: 'public.items', sqlite: 'items' } as const;
const CREATE = {
  postgres: `CREATE TABLE items (id bigint PRIMARY KEY, at timestamptz NOT NULL, name text COLLATE "C");`,
  sqlite: `CREATE TABLE items (id INTEGER PRIMARY KEY, at TEXT NOT NULL, name TEXT COLLATE NOCASE);`,
} as const;
const RETURNING = { columns: ['id', 'at'], condition: 'id > 1' };

describe.each(DIALECTS)('sessions on %s', (dialect) => {
  let opened: OpenDialect;
  let database: Database;
  const used: DatabaseSession[] = [];
  beforeAll(async () => {
    opened = await openDialect(dialect);
    database = await opened.cluster.create();
    await database.run(CREATE[dialect]);
  });
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
  });

  const text = (value: string): string => (dialect === 'sqlite' ? `'${value}'` : value);
  const insert = (id: string): LaterWrite => ({
    op: 'insert',
    table: TABLE[dialect],
    columns: ['id', 'at'],
    row: [id, text('2024-01-01 00:00:00.000001+00')],
  });
  const touch = (id: string, at: string): LaterWrite => ({
    op: 'update',
    table: TABLE[dialect],
    key: { columns: ['id'], row: [id] },
    columns: ['at'],
    row: [text(at)],
  });
  const remove = (id: string): LaterWrite => ({
    op: 'delete',
    table: TABLE[dialect],
    key: { columns: ['id'], row: [id] },
  });
  const page =
    dialect === 'sqlite'
      ? 'SELECT id, at FROM items WHERE id > ?1 ORDER BY id LIMIT ?2'
      : 'SELECT id, at FROM items WHERE id > $1 ORDER BY id LIMIT $2';

  async function open(...names: readonly string[]): Promise<readonly DatabaseSession[]> {
    await database.run(`DELETE FROM items`);
    for (const name of names) used.push(await database.openSession({ name, isReadOnly: name.startsWith('r') }));
    return used;
  }

  afterEach(async () => {
    for (const session of used.splice(0)) await session[Symbol.asyncDispose]();
  });

  it('should give the exact cells of what was written, whether the condition holds, and the transaction', async () => {
    const sessions = await open('w');
    const [writer] = sessions as [DatabaseSession];
    const one = done(await writer.write(insert('1'), RETURNING));
    const two = done(await writer.write(insert('9007199254740993'), RETURNING));
    const at = text('2024-01-01 00:00:00.000001+00');
    expect(one.rows).toEqual([['1', at, '0']]);
    expect(two.rows).toEqual([['9007199254740993', at, '1']]);
    expect(BigInt(two.transaction ?? '0')).toBeGreaterThan(BigInt(one.transaction ?? '0'));
    expect(done(await writer.write(remove('5'), RETURNING))).toMatchObject({ rows: [], transaction: null });
  });

  it('should show to a page what had been committed, and tell so in its snapshot', async () => {
    const sessions = await open('w', 'r');
    const [writer, reader] = sessions as [DatabaseSession, DatabaseSession];
    await writer.write(insert('1'), RETURNING);
    await writer.begin('read-committed');
    const wrote = done(await writer.write(insert('2'), RETURNING));
    const before = done(await reader.read(page, ['0', '10']));
    const committed = done(await writer.commit());
    const transaction = wrote.transaction ?? committed.transaction ?? '';
    const after = done(await reader.read(page, ['0', '10']));
    expect(before.columns).toEqual(['id', 'at']);
    expect(before.rows.map(([id]) => id)).toEqual(['1']);
    expect(after.rows.map(([id]) => id)).toEqual(['1', '2']);
    expect(isSeen(before, transaction)).toBe(false);
    expect(isSeen(after, transaction)).toBe(true);
    expect(done(await reader.read(page, ['7', '10'])).rows).toEqual([]);
  });

  it('should keep one snapshot over the pages of a transaction', async () => {
    const sessions = await open('w', 'r');
    const [writer, reader] = sessions as [DatabaseSession, DatabaseSession];
    await reader.begin('repeatable-read');
    const first = done(await reader.read(page, ['0', '10']));
    await writer.write(insert('1'), RETURNING);
    const second = done(await reader.read(page, ['0', '10']));
    await reader.commit();
    expect(second.rows).toEqual([]);
    expect(second.snapshot).toEqual(first.snapshot);
    expect(done(await reader.read(page, ['0', '10'])).rows).toHaveLength(1);
  });

  it('should end a transaction with its next statement where it is to', async () => {
    const sessions = await open('w', 'r');
    const [writer, reader] = sessions as [DatabaseSession, DatabaseSession];
    await reader.begin('serializable', 'statement');
    expect(done(await reader.read(page, ['0', '10'])).rows).toEqual([]);
    await writer.begin('serializable', 'statement');
    const wrote = done(await writer.write(insert('1'), RETURNING));
    const after = done(await reader.read(page, ['0', '10']));
    expect(after.rows).toHaveLength(1);
    expect(isSeen(after, wrote.transaction ?? '')).toBe(true);
    await reader.begin('serializable', 'statement');
    expect(await reader.read('SELECT nothing FROM items', [])).toMatchObject({ status: 'failed' });
    expect(done(await reader.read(page, ['0', '10'])).rows).toHaveLength(1);
  });

  it('should say by whom a write is blocked, and go on with it when that session ends', async () => {
    const sessions = await open('w1', 'w2');
    const [first, second] = sessions as [DatabaseSession, DatabaseSession];
    await first.write(insert('1'), RETURNING);
    await first.begin('read-committed');
    await first.write(touch('1', '2024-01-02 00:00:00+00'), RETURNING);
    expect(await second.write(touch('1', '2024-01-03 00:00:00+00'), RETURNING)).toEqual({
      status: 'blocked',
      by: ['w1'],
    });
    expect(await second.settle()).toEqual({ status: 'blocked', by: ['w1'] });
    await first.commit();
    expect(done(await second.settle()).rows).toEqual([['1', text('2024-01-03 00:00:00+00'), '0']]);
  });

  it('should end a blocked write by the rows that a rollback left', async () => {
    const sessions = await open('w1', 'w2');
    const [first, second] = sessions as [DatabaseSession, DatabaseSession];
    await first.begin('read-committed');
    await first.write(insert('1'), RETURNING);
    expect(await second.write(insert('1'), RETURNING)).toEqual({ status: 'blocked', by: ['w1'] });
    await first.rollback();
    expect(done(await second.settle()).rows).toHaveLength(1);
  });

  it('should refuse a transaction that began before what it changes was changed, as an outcome', async () => {
    const sessions = await open('w1', 'w2');
    const [first, second] = sessions as [DatabaseSession, DatabaseSession];
    await first.write(insert('1'), RETURNING);
    await second.begin('repeatable-read');
    await second.read(page, ['0', '10']);
    await first.write(touch('1', '2024-01-02 00:00:00+00'), RETURNING);
    const answer = await second.write(touch('1', '2024-01-03 00:00:00+00'), RETURNING);
    expect(answer).toMatchObject({
      status: 'failed',
      isConcurrency: true,
      fault: { code: dialect === 'sqlite' ? 'SQLITE_BUSY_SNAPSHOT' : '40001' },
    });
    await second.rollback();
  });

  it('should refuse what writes through a session for reading', async () => {
    const sessions = await open('w', 'r');
    const [, reader] = sessions as [DatabaseSession, DatabaseSession];
    expect(await reader.write(insert('1'), RETURNING)).toMatchObject({ status: 'failed', isConcurrency: false });
    const sneaky = await reader.read('DELETE FROM items RETURNING id', []);
    expect(sneaky).toMatchObject({ status: 'failed', isConcurrency: false });
  });

  it('should order keys as the table does, with equal places for equal keys', async () => {
    const columns = [
      { column: 'name', direction: 'desc', nulls: 'last' },
      { column: 'id', direction: 'asc', nulls: null },
    ] as const;
    const keys = (
      [
        ['a', '2'],
        ['B', '1'],
        [null, '10'],
        ['a', '2'],
        ['A', '2'],
        [null, '9'],
      ] as const
    ).map(([name, id]) => [name === null ? null : text(name), id]);
    const ranks = await database.rankKeys(TABLE[dialect], columns, keys);
    expect(ranks).toEqual(dialect === 'postgres' ? [0, 1, 4, 0, 2, 3] : [1, 0, 3, 1, 1, 2]);
  });
});

describe('sessions on postgres alone', () => {
  let opened: OpenDialect;
  beforeAll(async () => {
    opened = await openDialect('postgres');
  });
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
  });

  it('should refuse the session whose wait closes a circle', async () => {
    const database = await opened.cluster.create();
    await database.run(`${CREATE.postgres} INSERT INTO items VALUES (1, now()), (2, now())`);
    for (let round = 0; round < 5; round++) {
      const first = await database.openSession({ name: 'w1', isReadOnly: false });
      const second = await database.openSession({ name: 'w2', isReadOnly: false });
      const touch = (id: string): LaterWrite => ({
        op: 'update',
        table: 'public.items',
        key: { columns: ['id'], row: [id] },
        columns: ['name'],
        row: ['x'],
      });
      await first.begin('read-committed');
      await second.begin('read-committed');
      await first.write(touch('1'), RETURNING);
      await second.write(touch('2'), RETURNING);
      expect(await first.write(touch('2'), RETURNING)).toEqual({ status: 'blocked', by: ['w2'] });
      expect(await second.write(touch('1'), RETURNING)).toMatchObject({
        status: 'failed',
        isConcurrency: true,
        fault: { code: '40P01' },
      });
      await second.rollback();
      expect(done(await first.settle()).rows).toHaveLength(1);
      await first.rollback();
      await first[Symbol.asyncDispose]();
      await second[Symbol.asyncDispose]();
    }
  });
});

type Done = Extract<SessionAnswer, { readonly status: 'done' }>;

function done(answer: SessionAnswer): Done {
  expect(answer).toMatchObject({ status: 'done' });
  return answer as Done;
}

function isSeen({ snapshot }: Done, transaction: string): boolean {
  if (snapshot === null) throw new Error('a page has a snapshot');
  return BigInt(transaction) < BigInt(snapshot.xmax) && !snapshot.inProgress.includes(transaction);
}
