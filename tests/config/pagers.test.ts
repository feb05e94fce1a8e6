/** What a configuration says about pagers: what is derived, and every way to be wrong. */
import { expect, test } from 'vitest';
import { applyConfig } from '../../harness/config/apply-config.ts';
import type { UserConfig } from '../../harness/config/define-config.ts';
import type { PagerConfig } from '../../harness/config/pager-config.ts';
import { findPagerIssues } from '../../harness/config/pager-issues.ts';
import { readKey } from '../../harness/config/pager-key.ts';
import { validateConfig } from '../../harness/config/validate.ts';
import type { Pager } from '../../harness/core/pager.ts';
import { postgresDialect } from '../../harness/dialects/postgres/dialect.ts';
import { sqliteDialect } from '../../harness/dialects/sqlite/dialect.ts';
import { read } from '../layouts/folders.ts';

const page: PagerConfig = { id: 'pages', table: 'items', key: 'created_at desc, id desc' };

async function complete(
  given: PagerConfig,
  up = 'CREATE TABLE items (id bigint PRIMARY KEY, created_at timestamptz NOT NULL);',
): Promise<Pager> {
  const { issues, config } = validateConfig({ pagers: [given] });
  expect(issues).toEqual([]);
  const [pager] = applyConfig(await read({ '1_items.sql': up }), config).pagers;
  if (pager === undefined) throw new Error('no pager');
  return pager;
}

function issuesOf(given: object): readonly string[] {
  return validateConfig({ pagers: [given] }).issues.map(({ path, message }) => `${path}: ${message}`);
}

async function staticIssues(given: PagerConfig, dialect = postgresDialect): Promise<readonly string[]> {
  const config: UserConfig = { pagers: [given] };
  return (await findPagerIssues(config, import.meta.dirname, dialect)).map(
    ({ path, message }) => `${path}: ${message}`,
  );
}

test('should derive keyset SQL that compares rows where all parts go one way', async () => {
  const { pages, movedRows, kind, indexes } = await complete({ ...page, filter: 'kept', backward: true });
  expect(pages).toEqual({
    kind: 'sql',
    first: 'SELECT * FROM items WHERE (kept) ORDER BY created_at DESC, id DESC LIMIT $1',
    next: 'SELECT * FROM items WHERE (kept) AND (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT $3',
    backward: {
      first: 'SELECT * FROM items WHERE (kept) ORDER BY created_at, id LIMIT $1',
      next: 'SELECT * FROM items WHERE (kept) AND (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3',
    },
    cursor: 'text',
  });
  expect({ movedRows, kind, indexes }).toEqual({ movedRows: 'forbid', kind: 'scan', indexes: [] });
});

test('should spell the order out where its parts go two ways, or say where NULL stands', async () => {
  const { pages } = await complete({ ...page, key: 'created_at desc nulls last, id' });
  expect(pages).toMatchObject({
    next:
      'SELECT * FROM items WHERE ((created_at < $1 OR (created_at IS NULL AND $1 IS NOT NULL)) ' +
      'OR (created_at IS NOT DISTINCT FROM $1 AND id > $2)) ORDER BY created_at DESC NULLS LAST, id LIMIT $3',
  });
});

test('should count items where the cursor is an offset', async () => {
  const { pages } = await complete({ ...page, cursor: 'offset' });
  expect(pages).toMatchObject({ next: 'SELECT * FROM items ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $1' });
});

test('should read an order as text and as parts alike', () => {
  const parts = readKey([{ column: 'created_at', direction: 'desc', nulls: 'first' }, '"Id, quoted"']);
  expect(readKey('created_at DESC NULLS FIRST, "Id, quoted" asc')).toEqual(parts);
  expect(parts).toEqual({
    status: 'read',
    key: [
      { column: 'created_at', direction: 'desc', nulls: 'first' },
      { column: '"Id, quoted"', direction: 'asc', nulls: null },
    ],
  });
});

test.each([
  [
    { ...page, key: undefined },
    'pagers[0].key: must be an order as text ("created_at desc, id desc"), or a list of { column, direction, nulls }',
  ],
  [{ ...page, tabel: 'x' }, 'pagers[0]: unknown key "tabel"; did you mean "table"?'],
  [
    { ...page, first: 'SELECT 1' },
    'pagers[0].next: is missing: give both "first" and "next", or neither (then keyset SQL is derived)',
  ],
  [
    { ...page, module: './a.ts', cursor: 'text' },
    'pagers[0].cursor: says nothing about a module, which asks by itself',
  ],
  [{ ...page, module: './a.ts', index: 'i' }, 'pagers[0].index: cannot be judged of a module: its SQL is not seen'],
  [{ ...page, kind: 'tail', backward: true }, 'pagers[0].backward: says nothing about a tail, which only goes forward'],
  [
    { ...page, open: 'x' },
    'pagers[0].open: must be a function (only a TypeScript or JavaScript configuration can hold one)',
  ],
])('should refuse what does not go together: %j', (given, message) => {
  expect(issuesOf(given)).toContain(message);
});

const first = 'SELECT * FROM items ORDER BY created_at DESC, id DESC LIMIT $1';
test.each([
  [
    'SELECT * FROM items WHERE (created_at, id) < ($1, $2) LIMIT 10',
    'pagers[0].next: lacks the placeholder $3; it takes $1, $2, $3 (the 2 parts of the key, then the page size)',
  ],
  [
    'SELECT * FROM items WHERE (created_at, id) < ($1, $2) LIMIT $4',
    'pagers[0].next: has the placeholder $4; it takes $1, $2, $3 (the 2 parts of the key, then the page size)',
  ],
  ['SELECT $1, $2, $3; SELECT 1', 'pagers[0].next: must be one statement, not 2'],
])('should refuse SQL with other placeholders, by the grammar of PostgreSQL: %s', async (next, message) => {
  expect(await staticIssues({ ...page, first, next })).toEqual([message]);
});

test('should not take placeholders in strings and comments for placeholders', async () => {
  const next = "SELECT '$9', $$ $8 $$ /* $7 */ FROM items WHERE (created_at, id) < ($1, $2) LIMIT $3";
  expect(await staticIssues({ ...page, first, next })).toEqual([]);
});

test('should ask SQLite for its own placeholders', async () => {
  const sql = { first: 'SELECT * FROM items LIMIT ?1', next: 'SELECT * FROM items WHERE id < ?1 LIMIT :n' };
  expect(await staticIssues({ ...page, key: 'id', ...sql }, sqliteDialect)).toEqual([
    'pagers[0].next: has the placeholder :n; it takes ?1, ?2 (the key, then the page size)',
  ]);
});

test('should say which part of an order cannot be read, and which module is not there', async () => {
  expect(await staticIssues({ ...page, key: 'lower(name), id' })).toEqual([
    expect.stringContaining('pagers[0].key: "lower(name)" is not a column'),
  ]);
  expect(await staticIssues({ ...page, module: './missing.ts' })).toEqual([
    "pagers[0].module: there is no file ./missing.ts; the path starts at the configuration's folder",
  ]);
});
