import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { PalindromeError } from '../../harness/core/errors.ts';
import { faultOf, read, readFolder } from './folders.ts';

it.each([
  ['sqlite', 'CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT);'],
  ['sqlite', 'PRAGMA foreign_keys = OFF;'],
  ['sqlite', 'CREATE TABLE a (id TEXT PRIMARY KEY) WITHOUT ROWID;'],
  ['sqlite', 'CREATE TABLE a (id TEXT PRIMARY KEY) STRICT;'],
  ['sqlite', "INSERT OR IGNORE INTO a VALUES (datetime('now'));"],
  ['sqlite', 'CREATE TABLE a (id INTEGER PRIMARY KEY, at DATETIME);'],
  ['postgres', 'CREATE TABLE a (id SERIAL);'],
  ['postgres', 'CREATE TABLE a (x JSONB);'],
  ['postgres', 'CREATE TABLE a (at TIMESTAMPTZ);'],
  ['postgres', 'DO $$ BEGIN END $$;'],
  ['postgres', "SELECT '1'::int;"],
  ['postgres', 'CREATE INDEX CONCURRENTLY i ON a (id);'],
  ['postgres', 'ALTER TABLE a ALTER COLUMN b SET NOT NULL;'],
  ['postgres', "-- PRAGMA AUTOINCREMENT\nINSERT INTO a VALUES ('AUTOINCREMENT', now());"],
] as const)('should tell %s from %s', async (dialect, sql) => {
  expect((await read({ '1_a.sql': sql }, { dialect: null })).dialect).toBe(dialect);
});

it.each([
  ['a line in a script', { '1_a.sql': 'SELECT 1;\n-- palindrome: dialect sqlite\nSELECT 2::int;' }, 'sqlite'],
  [
    "Prisma's lock file",
    { 'migration_lock.toml': 'provider = "sqlite"', '1_a/migration.sql': 'SELECT 1::int;' },
    'sqlite',
  ],
  [
    "drizzle's journal",
    { 'meta/_journal.json': '{"dialect":"postgresql","entries":[{"tag":"0_a","when":1}]}', '0_a.sql': 'PRAGMA x;' },
    'postgres',
  ],
  ['the name of a folder', { 'sqlite/1_a.sql': 'SELECT 1::int;' }, 'sqlite'],
] as const)('should believe %s before the SQL', async (_, files, dialect) => {
  expect((await read(files, { dialect: null })).dialect).toBe(dialect);
});

it.each([
  ['sqlite', { 'schema.prisma': 'datasource db {\n  url = "x"\n  provider = "sqlite"\n}' }],
  ['sqlite', { 'drizzle.config.ts': "export default defineConfig({ dialect: 'turso' });" }],
  ['postgres', { 'sqlc.yaml': 'sql:\n  - engine: "postgresql"\n' }],
  ['sqlite', { 'dbconfig.yml': 'development:\n    dialect: sqlite3\n' }],
  ['sqlite', { 'diesel.toml': '[print_schema]\nsqlite_integer_primary_key_is_bigint = true\n' }],
] as const)('should ask the project where the SQL does not tell %s', async (dialect, project) => {
  const files = { ...project, 'db/migrations/1_a.sql': 'CREATE TABLE a (id INTEGER PRIMARY KEY);' };
  expect((await read(files, { dialect: null })).dialect).toBe(dialect);
  const clear = { ...project, 'db/migrations/1_a.sql': 'CREATE TABLE a (id SERIAL);' };
  expect((await read(clear, { dialect: null })).dialect).toBe('postgres');
});

it('should ask for --dialect where nothing tells', async () => {
  const fault = await faultOf(read({ '1_a.sql': 'CREATE TABLE a (id INTEGER PRIMARY KEY);' }, { dialect: null }));
  expect([fault.code, fault.kind]).toEqual(['dialect-unknown', 'usage']);
  expect(fault.hint).toContain('--dialect postgres');
});

it.each([
  ['a lock file', { 'migration_lock.toml': 'provider = "mysql"', '1_a/migration.sql': 'SELECT 1;' }],
  ['a folder', { 'mysql/1_a.sql': 'SELECT 1;' }],
  ['the SQL', { '1_a.sql': 'CREATE TABLE a (id INT UNSIGNED AUTO_INCREMENT) ENGINE=InnoDB;' }],
])('should say that another database is not known where %s names it', async (_, files) => {
  const fault = await faultOf(read(files, { dialect: null }));
  expect(fault.code).toBe('dialect-unsupported');
  expect((await read(files, { dialect: 'postgres' })).dialect).toBe('postgres');
});

it('should refuse scripts that declare different dialects', async () => {
  const files = { '1_a.sql': '-- palindrome: dialect sqlite', '2_b.sql': '-- palindrome: dialect postgres' };
  expect((await faultOf(read(files, { dialect: null }))).code).toBe('dialect-unknown');
});

it('should never take a case of the fault catalogue for the wrong dialect or layout', async () => {
  const root = path.resolve('migrations/faults');
  const cases = (await readdir(root, { recursive: true })).filter((file) => path.basename(file) === 'case.json');
  expect(cases.length).toBeGreaterThan(20);
  const outcomes: string[] = [];
  for (const file of cases) {
    const { dialect, layout } = JSON.parse(readFileSync(path.join(root, file), 'utf8'));
    for (const side of ['bad', 'good']) {
      const folder = path.join(root, path.dirname(file), side);
      const outcome = await readFolder(folder, { dialect: null }).then(
        (set) => (set.dialect === dialect && (layout ?? set.layout) === set.layout ? 'told' : `${folder} is wrong`),
        (thrown: unknown) => (thrown instanceof PalindromeError ? thrown.code : String(thrown)),
      );
      outcomes.push(outcome);
    }
  }
  expect(outcomes.filter((outcome) => outcome !== 'told' && outcome !== 'dialect-unknown')).toEqual([]);
  expect(outcomes.filter((outcome) => outcome === 'told').length).toBeGreaterThan(outcomes.length / 2);
});
