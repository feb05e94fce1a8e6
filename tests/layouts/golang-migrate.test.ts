import { expect, it } from 'vitest';
import { faultOf, outline, read } from './folders.ts';

const SQL = 'SELECT 1;';

it('should read pairs in the order of their numbers, each file one call', async () => {
  const files = {
    '000002_b.up.sql': 'SELECT 2;',
    '10_c.up.sql': 'SELECT 3;\nSELECT 4;\n',
    '000001_a.up.sql': 'SELECT 1;',
    '000001_a.down.sql': 'SELECT -1;',
    '3_no_direction.sql': SQL,
    'deep/4_x.up.sql': SQL,
    'README.md': '',
  };
  const set = await read(files);
  expect(outline(set)).toEqual({
    layout: 'golang-migrate',
    keepsLedger: true,
    sqliteForeignKeys: false,
    migrations: [
      {
        id: '000001',
        name: '000001_a',
        up: ['db/set/000001_a.up.sql', 'implicit', 'SELECT 1;'],
        down: ['db/set/000001_a.down.sql', 'implicit', 'SELECT -1;'],
      },
      { id: '000002', name: '000002_b', up: ['db/set/000002_b.up.sql', 'implicit', 'SELECT 2;'], down: null },
      { id: '10', name: '10_c', up: ['db/set/10_c.up.sql', 'implicit', 'SELECT 3;\nSELECT 4;\n'], down: null },
    ],
    notes: ['Ignored a file (not named N_name.up.sql or N_name.down.sql): 3_no_direction.sql.'],
  });
  const sqlite = await read(files, { dialect: 'sqlite' });
  expect(new Set(sqlite.migrations.map(({ up }) => up.transaction))).toEqual(new Set(['wrapped']));
});

it('should pair by number even where the titles differ, as the tool does', async () => {
  const set = await read({ '1_a.up.sql': SQL, '01_b.down.sql': SQL });
  expect(set.migrations.map(({ name, down }) => [name, down?.file])).toEqual([['1_a', 'db/set/01_b.down.sql']]);
});

it('should run nothing for a down without an up, and say so', async () => {
  const set = await read({ '1_a.up.sql': SQL, '2_b.down.sql': SQL });
  expect(set.migrations[1]?.up).toMatchObject({ file: 'db/set/2_b.up.sql', text: '', chunks: [] });
  expect(set.notes).toContain(
    'A down without an up, for which golang-migrate runs nothing on the way up: 2_b.down.sql.',
  );
});

it('should take what follows the direction for an ending, so that a left-over copy is a duplicate', async () => {
  const fault = await faultOf(read({ '1_a.up.sql': SQL, '1_a.up.sql.bak': SQL }));
  expect([fault.code, fault.place?.file]).toEqual(['duplicate-version', 'db/set/1_a.up.sql.bak']);
});

it('should refuse a number that is there twice in different widths', async () => {
  const fault = await faultOf(read({ '1_a.up.sql': SQL, '001_b.up.sql': SQL }));
  expect(fault.code).toBe('duplicate-version');
  expect(fault.message).toContain('golang-migrate refuses');
});

it('should run SQLite scripts without a transaction around them where one of them opens its own', async () => {
  const trigger = 'CREATE TRIGGER t AFTER UPDATE ON a BEGIN\n  DELETE FROM b; END;';
  expect(await modesOf(trigger)).toEqual([false, 'wrapped']);
  expect(await modesOf("-- BEGIN;\nSELECT 'BEGIN;';")).toEqual([false, 'wrapped']);
  expect(await modesOf('PRAGMA foreign_keys = OFF;\nbegin immediate transaction;\nDROP TABLE a;\nCOMMIT;')).toEqual([
    true,
    'implicit',
  ]);
});

/** The ways in which the scripts of a SQLite set with `sql` in it run, and whether the set says why. */
async function modesOf(sql: string) {
  const set = await read({ '1_a.up.sql': SQL, '1_a.down.sql': SQL, '2_b.up.sql': sql }, { dialect: 'sqlite' });
  const says = set.notes.some((note) => note.includes('x-no-tx-wrap'));
  return [says, ...new Set(set.migrations.flatMap(({ up, down }) => [up.transaction, down?.transaction ?? []]).flat())];
}
