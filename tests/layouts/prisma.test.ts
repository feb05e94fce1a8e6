import { expect, it } from 'vitest';
import { faultOf, outline, read } from './folders.ts';

const LOCK = '# Please do not edit\nprovider = "postgresql"\n';

it('should read migration.sql of each folder as one call, and down.sql where a person wrote one', async () => {
  const files = {
    'migration_lock.toml': LOCK,
    '20240102000000_b/migration.sql': 'SELECT 2;',
    '20240102000000_b/down.sql': 'SELECT -2;',
    '20240101000000_a/migration.sql': 'SELECT 1;',
  };
  const set = await read(files, { dialect: null });
  expect(set.dialect).toBe('postgres');
  expect(outline(set)).toEqual({
    layout: 'prisma',
    keepsLedger: true,
    sqliteForeignKeys: true,
    migrations: [
      {
        id: '20240101000000',
        name: '20240101000000_a',
        up: ['db/set/20240101000000_a/migration.sql', 'implicit', 'SELECT 1;'],
        down: null,
      },
      {
        id: '20240102000000',
        name: '20240102000000_b',
        up: ['db/set/20240102000000_b/migration.sql', 'implicit', 'SELECT 2;'],
        down: ['db/set/20240102000000_b/down.sql', 'implicit', 'SELECT -2;'],
      },
    ],
    notes: [
      'Prisma itself runs no downs; down.sql is taken as what `prisma db execute` would run (1 of 2 migrations have one).',
    ],
  });
  const sqlite = await read(files, { dialect: 'sqlite' });
  expect(sqlite.migrations[0]?.up.transaction).toBe('autocommit');
});

it('should know migrations of one second by their whole names', async () => {
  const set = await read({
    'migration_lock.toml': LOCK,
    '20240101000000_b/migration.sql': 'SELECT 2;',
    '20240101000000_a/migration.sql': 'SELECT 1;',
    '0_init/migration.sql': 'SELECT 0;',
  });
  expect(set.migrations.map(({ id }) => id)).toEqual(['0', '20240101000000_a', '20240101000000_b']);
});

it('should refuse a folder without migration.sql', async () => {
  const fault = await faultOf(
    read({ 'migration_lock.toml': LOCK, '1_a/migration.sql': 'SELECT 1;', '2_b/notes.txt': 'later' }),
  );
  expect([fault.code, fault.place?.file]).toEqual(['script-missing', 'db/set/2_b/migration.sql']);
});
