/** What migrations hint at, and what is said about it. */
import { expect, test } from 'vitest';
import { guessPagers } from '../../harness/config/guess-pagers.ts';
import { proposalNote, renderPager, unanswered } from '../../harness/config/propose-pagers.ts';
import { postgresDialect } from '../../harness/dialects/postgres/dialect.ts';
import { sqliteDialect } from '../../harness/dialects/sqlite/dialect.ts';
import { validateConfig } from '../../harness/config/validate.ts';
import { read } from '../layouts/folders.ts';

const TABLE = 'CREATE TABLE app.orders (id uuid, placed_at timestamptz, note text, PRIMARY KEY (id));';

async function guess(...statements: readonly string[]) {
  const files = statements.map((sql, at) => [`${at + 1}_step.sql`, sql] as const);
  return guessPagers(await read(Object.fromEntries(files)), postgresDialect);
}

test('should take an index that is called after cursors for a hint', async () => {
  const sql = `CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_cursor_idx ON app.orders USING btree (placed_at DESC NULLS LAST, id DESC) WHERE note <> 'a; b';`;
  expect(await guess(TABLE, sql)).toEqual([
    {
      id: 'orders-cursor',
      from: '2',
      table: 'app.orders',
      key: 'placed_at desc nulls last, id desc',
      filter: "note <> 'a; b'",
      index: 'orders_cursor_idx',
    },
  ]);
});

test('should take an index that descends to the primary key for a hint, whatever it is called', async () => {
  const [found] = await guess(TABLE, 'CREATE INDEX by_time ON app.orders (placed_at DESC, id DESC);');
  expect(found).toMatchObject({ id: 'by-time', key: 'placed_at desc, id desc', filter: null });
});

test.each([
  ['an ascending one', 'CREATE INDEX by_time ON app.orders (placed_at, id);'],
  ['one that does not end with the key', 'CREATE INDEX by_time ON app.orders (id DESC, placed_at DESC);'],
  ['one over an expression', 'CREATE INDEX orders_cursor_idx ON app.orders (lower(note) DESC, id DESC);'],
  ['one of another kind', 'CREATE INDEX orders_cursor_idx ON app.orders USING hash (id);'],
  ['one of a single column', 'CREATE INDEX by_id ON app.orders (id DESC);'],
])('should make nothing of %s', async (_what, sql) => {
  expect(await guess(TABLE, sql)).toEqual([]);
});

test('should forget an index that is dropped later', async () => {
  const sql = 'CREATE INDEX orders_cursor_idx ON app.orders (placed_at DESC, id DESC);';
  expect(await guess(TABLE, sql, 'DROP INDEX CONCURRENTLY app.orders_cursor_idx;')).toEqual([]);
});

test('should read the grammar of SQLite too', async () => {
  const set = await read({
    '1_a.sql': 'CREATE TABLE t (seq INTEGER PRIMARY KEY, at text); CREATE INDEX t_at ON t (at DESC, seq DESC);',
  });
  expect(await guessPagers(set, sqliteDialect)).toMatchObject([{ table: 't', key: 'at desc, seq desc' }]);
});

test('should propose what a configuration accepts, and nothing for a table that has its pager', async () => {
  const guessed = await guess(TABLE, 'CREATE INDEX orders_cursor_idx ON app.orders (placed_at DESC, id DESC);');
  const [first] = guessed;
  if (first === undefined) throw new Error('nothing was guessed');
  expect(renderPager(first)).toBe(
    "{ id: 'orders-cursor', from: '2', table: 'app.orders', key: 'placed_at desc, id desc', index: 'orders_cursor_idx' }",
  );
  const { filter: _none, ...entry } = first;
  expect(validateConfig({ pagers: [entry] }).issues).toEqual([]);
  expect(proposalNote(first)).toContain('proposed pager orders-cursor: orders_cursor_idx orders app.orders');
  expect(unanswered(guessed, [{ table: 'orders' }])).toEqual([]);
  expect(unanswered(guessed, [{ table: 'invoices' }])).toEqual(guessed);
});
