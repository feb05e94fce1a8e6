import { expect, it } from 'vitest';
import { faultOf, outline, read } from './folders.ts';

const SQL = 'SELECT 1;';

it('should read a folder a migration, ordered by version as text with dashes taken out', async () => {
  const files = {
    '2024-02-12-120203_b/up.sql': 'SELECT 2;',
    '2024-02-12-120203_b/down.sql': 'SELECT -2;',
    '2024-02-12-120203_b/metadata.toml': '# why\nrun_in_transaction = false # index\n',
    '20140924113530_a/up.sql': 'SELECT 1;',
    '00000000000000_diesel_initial_setup/up.sql': 'SELECT 0;',
    '00000000000000_diesel_initial_setup/down.sql': 'SELECT -0;',
    '.hidden/up.sql': SQL,
    'notes.sql': SQL,
  };
  const set = await read(files);
  expect(outline(set)).toEqual({
    layout: 'diesel',
    keepsLedger: true,
    sqliteForeignKeys: false,
    migrations: [
      {
        id: '00000000000000',
        name: '00000000000000_diesel_initial_setup',
        up: ['db/set/00000000000000_diesel_initial_setup/up.sql', 'wrapped', 'SELECT 0;'],
        down: ['db/set/00000000000000_diesel_initial_setup/down.sql', 'wrapped', 'SELECT -0;'],
      },
      {
        id: '20140924113530',
        name: '20140924113530_a',
        up: ['db/set/20140924113530_a/up.sql', 'wrapped', 'SELECT 1;'],
        down: null,
      },
      {
        id: '20240212120203',
        name: '2024-02-12-120203_b',
        up: ['db/set/2024-02-12-120203_b/up.sql', 'implicit', 'SELECT 2;'],
        down: ['db/set/2024-02-12-120203_b/down.sql', 'implicit', 'SELECT -2;'],
      },
    ],
    notes: ['Ignored a file (not in a folder of its own): notes.sql.'],
  });
  const sqlite = await read(files, { dialect: 'sqlite' });
  expect(sqlite.migrations.map(({ up }) => up.transaction)).toEqual(['wrapped', 'wrapped', 'autocommit']);
});

it('should order 10 before 9, as text', async () => {
  const set = await read({ '9_a/up.sql': SQL, '10_b/up.sql': SQL });
  expect(set.migrations.map(({ id }) => id)).toEqual(['10', '9']);
});

it.each([
  ['run_in_transaction = true', 'wrapped', []],
  ['run_in_transaction=false', 'implicit', []],
  ['', 'implicit', ['1_a/metadata.toml does not set run_in_transaction, which diesel then takes as false.']],
])('should take metadata %j as %s', async (metadata, transaction, notes) => {
  const set = await read({ '1_a/up.sql': SQL, '1_a/metadata.toml': metadata });
  expect(set.migrations[0]?.up.transaction).toBe(transaction);
  expect(set.notes).toEqual(notes);
});

it('should say that diesel refuses a file of no bytes', async () => {
  const set = await read({ '1_a/up.sql': '' });
  expect(set.migrations[0]?.up.chunks).toEqual([]);
  expect(set.notes[0]).toBe('diesel refuses to run a file of no bytes: 1_a/up.sql.');
});

it.each([
  ['a down without an up', { '1_a/up.sql': SQL, '2_b/down.sql': SQL }, 'down-without-up', 'db/set/2_b/down.sql'],
  ['a folder without up.sql', { '1_a/up.sql': SQL, '2_b/schema.sql': SQL }, 'script-missing', 'db/set/2_b'],
  [
    'one version in two folders',
    { '2024-01-01_a/up.sql': SQL, '20240101_b/up.sql': SQL },
    'duplicate-version',
    'db/set/20240101_b',
  ],
])('should refuse %s, and name it', async (_, files, code, file) => {
  const fault = await faultOf(read(files));
  expect([fault.code, fault.kind, fault.place?.file]).toEqual([code, 'usage', file]);
});
