/** `docs/layouts.md` says of each layout what reading a set of it gives. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { LayoutName } from '../../harness/core/migration.ts';
import { LAYOUT_NAMES } from '../../harness/core/migration.ts';
import { read } from './folders.ts';

const SETS: Readonly<Record<LayoutName, Readonly<Record<string, string>>>> = {
  plain: { '1_a.sql': 'SELECT 1;' },
  'golang-migrate': { '1_a.up.sql': 'SELECT 1;' },
  diesel: { '1_a/up.sql': 'SELECT 1;' },
  prisma: { '1_a/migration.sql': 'SELECT 1;' },
  goose: { '1_a.sql': '-- +goose Up\nSELECT 1;' },
  dbmate: { '1_a.sql': '-- migrate:up\nSELECT 1;\n-- migrate:down\n' },
  drizzle: { 'meta/_journal.json': '{"entries":[{"tag":"1_a","when":1}]}', '1_a.sql': 'SELECT 1;' },
  'sql-migrate': { '1_a.sql': '-- +migrate Up\nSELECT 1;' },
};

const rows = new Map(
  readFileSync('docs/layouts.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map(([, layout = '', , , postgres, sqlite, foreignKeys, ledger]) => [
      layout,
      { postgres, sqlite, foreignKeys, ledger },
    ]),
);

it('should have a row for every layout', () => {
  expect([...rows.keys()]).toEqual([...LAYOUT_NAMES]);
});

it.each(LAYOUT_NAMES)('should say of %s what is so', async (layout) => {
  const postgres = await read(SETS[layout], { dialect: 'postgres' });
  const sqlite = await read(SETS[layout], { dialect: 'sqlite' });
  expect(postgres.layout).toBe(layout);
  expect({
    postgres: postgres.migrations[0]?.up.transaction,
    sqlite: sqlite.migrations[0]?.up.transaction,
    foreignKeys: sqlite.sqliteForeignKeys ? 'on' : 'off',
    ledger: sqlite.keepsLedger ? 'yes' : 'no',
  }).toEqual(rows.get(layout));
});
