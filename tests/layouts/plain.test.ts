import { expect, it } from 'vitest';
import { faultOf, outline, read } from './folders.ts';

const SQL = 'SELECT 1;';

it('should pair numbered files with their downs and order them by number', async () => {
  const set = await read({
    '10_ten.sql': 'SELECT 10;',
    '2_two.sql': 'SELECT 2;',
    '2_two_ROLLBACK.sql': 'SELECT -2;',
    '1_one.sql': 'SELECT 1;',
    '1_one.down.sql': 'SELECT -1;',
    '10_ten_down.sql': 'SELECT -10;',
    'README.md': 'hello',
    'seed.sql': SQL,
  });
  expect(outline(set)).toEqual({
    layout: 'plain',
    keepsLedger: false,
    sqliteForeignKeys: false,
    migrations: [
      {
        id: '1',
        name: '1_one',
        up: ['db/set/1_one.sql', 'autocommit', 'SELECT 1;'],
        down: ['db/set/1_one.down.sql', 'autocommit', 'SELECT -1;'],
      },
      {
        id: '2',
        name: '2_two',
        up: ['db/set/2_two.sql', 'autocommit', 'SELECT 2;'],
        down: ['db/set/2_two_ROLLBACK.sql', 'autocommit', 'SELECT -2;'],
      },
      {
        id: '10',
        name: '10_ten',
        up: ['db/set/10_ten.sql', 'autocommit', 'SELECT 10;'],
        down: ['db/set/10_ten_down.sql', 'autocommit', 'SELECT -10;'],
      },
    ],
    notes: ['Ignored a file (no number in front): seed.sql.'],
  });
});

it.each([
  ['0001_a.sql', '0001_a_rollback.sql'],
  ['0001_a.sql', '0001_a-down.sql'],
  ['0001_a.sql', '0001_a_undo.sql'],
  ['0001_a.sql', '0001_ROLLBACK.sql'],
  ['0001_warm_up.sql', '0001_warm_up_down.sql'],
  ['0001 with spaces.sql', '0001 with spaces.down.sql'],
  ['0001_it\'s "quoted".sql', '0001_it\'s "quoted"_down.sql'],
  ['0001_größe_✓.sql', '0001_größe_✓_down.sql'],
  ['0001_CON.sql', '0001_CON.down.sql'],
  ['V0001.Initial_Schema.up.sql', 'V0001.Initial_Schema.down.sql'],
])('should take %s as the up of %s', async (up, down) => {
  const set = await read({ [up]: SQL, [down]: SQL });
  expect(set.layout).toBe('plain');
  expect(set.migrations.map((migration) => [migration.up.file, migration.down?.file])).toEqual([
    [`db/set/${up}`, `db/set/${down}`],
  ]);
});

it('should take a title that ends in undo or revert as an up where nothing else could be its up', async () => {
  const set = await read({ '0001_a.sql': SQL, '0002_add_undo.sql': SQL });
  expect(set.migrations.map(({ name, down }) => [name, down])).toEqual([
    ['0001_a', null],
    ['0002_add_undo', null],
  ]);
});

it('should read up and down pairs when asked for by name, statement by statement', async () => {
  const files = { '1_a.up.sql': SQL, '1_a.down.sql': SQL };
  const set = await read(files, { layout: 'plain' });
  expect(set.migrations.map(({ name, up }) => [name, up.transaction])).toEqual([['1_a', 'autocommit']]);
  expect((await read(files)).layout).toBe('golang-migrate');
});

it('should allow several migrations of one day, ordered by name', async () => {
  const set = await read({ '2024-02-12-b.sql': SQL, '2024-02-12-a.sql': SQL, '2024-01-30-z.sql': SQL });
  expect(set.migrations.map(({ id }) => id)).toEqual(['2024-01-30', '2024-02-12-a', '2024-02-12-b']);
});

it('should name a gap between numbers, and none between dates', async () => {
  const counted = await read({ '1_a.sql': SQL, '2_b.sql': SQL, '3_c.sql': SQL, '6_d.sql': SQL, '7_e.sql': SQL });
  expect(counted.notes).toEqual(['The numbers have a gap: 4–5 is not there.']);
  expect((await read({ '20240101_a.sql': SQL, '20240202_b.sql': SQL })).notes).toEqual([]);
  expect((await read({ '10_a.sql': SQL, '20_b.sql': SQL, '30_c.sql': SQL })).notes).toEqual([]);
});

it.each([
  ['two files of one number', { '1_a.sql': SQL, '01_b.sql': SQL }, 'duplicate-version', 'db/set/1_a.sql'],
  [
    'two downs',
    { '1_a.sql': SQL, '1_a_down.sql': SQL, '1_a.down.sql': SQL },
    'duplicate-version',
    'db/set/1_a_down.sql',
  ],
  ['a down without its up', { '1_a.sql': SQL, '2_b_down.sql': SQL }, 'down-without-up', 'db/set/2_b_down.sql'],
  [
    'a down whose up has another title',
    { '1_a.sql': SQL, '1_b.sql': SQL, '1_c_down.sql': SQL },
    'down-without-up',
    'db/set/1_c_down.sql',
  ],
])('should refuse %s, and name the file', async (_, files, code, file) => {
  const fault = await faultOf(read(files));
  expect([fault.code, fault.kind, fault.place?.file]).toEqual([code, 'usage', file]);
  expect(fault.hint).toBeTruthy();
});
