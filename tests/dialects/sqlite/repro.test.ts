import { describe, expect, it } from 'vitest';
import type { ReproInput } from '../../../harness/core/dialect.ts';
import { sqliteDialect } from '../../../harness/dialects/sqlite/dialect.ts';
import { datasetOf, script } from './support.ts';

const FAULT = {
  code: 'SQLITE_ERROR',
  class: 'missing-object',
  message: 'no such column: "nope"',
  detail: null,
  hint: null,
  constraint: null,
  table: null,
  column: null,
} as const;

const INPUT: ReproInput = {
  title: 'orders, 0002_total\nrollback-restores (data)',
  before: [
    script(
      'CREATE TABLE "a b" (id INTEGER PRIMARY KEY, x) -- c\n; CREATE TRIGGER g AFTER INSERT ON "a b" BEGIN SELECT 1; END',
    ),
  ],
  dataset: datasetOf(['"a b"', ['id', 'x'], ['1', "'it''s'"], ['2', null]]),
  model: { dialect: 'sqlite', tables: [] },
  steps: [
    {
      caption: 'up: "0002"',
      script: script('UPDATE "a b" SET x = 3; SELECT nope; DROP TABLE "a b"', 'wrapped'),
      outcome: {
        status: 'failed',
        fault: FAULT,
        at: { file: 'm.sql', number: 2, of: 3, line: 1, column: 1, text: 'SELECT nope' },
        durationMs: 1,
      },
    },
    { caption: 'down', script: script('UPDATE "a b" SET x = 4 WHERE id = 1;') },
  ],
  checks: [{ caption: "x should be it's", sql: 'SELECT * FROM "a b" -- both' }],
};

describe('the script for the sqlite3 shell', () => {
  it('should build, fill, step and show, and stop a failing step where it failed', () => {
    expect(sqliteDialect.renderRepro({ ...INPUT, options: { foreignKeys: false, functions: { slug: String } } })).toBe(
      `-- orders, 0002_total
-- rollback-restores (data)
-- Run: sqlite3 :memory: < this file
-- Needs SQL functions that the application registers and the shell lacks: slug
.bail on
.headers on
.mode quote

.print "-- before: migrations/0001_test.sql"
PRAGMA foreign_keys = OFF;
CREATE TABLE "a b" (id INTEGER PRIMARY KEY, x);
CREATE TRIGGER g AFTER INSERT ON "a b" BEGIN SELECT 1; END;

.print "-- data"
PRAGMA foreign_keys = OFF;
BEGIN;
PRAGMA defer_foreign_keys = ON;
INSERT INTO "a b" (id, x) VALUES (1, 'it''s');
INSERT INTO "a b" (id, x) VALUES (2, NULL);
COMMIT;

.bail off
.print "-- up: \\"0002\\" (fails: no such column: \\"nope\\")"
PRAGMA foreign_keys = OFF;
BEGIN;
UPDATE "a b" SET x = 3;
SELECT nope;
ROLLBACK;

.print "-- down"
PRAGMA foreign_keys = OFF;
UPDATE "a b" SET x = 4 WHERE id = 1;

.print "-- x should be it's"
SELECT * FROM "a b" -- both
;
`,
    );
  });

  it('should leave out a statement that never ends, and what a driver cannot run', () => {
    const endless = script('CREATE TABLE t (a); SELECT 1; SELECT 2');
    const at = { file: 'm.sql', number: 2, of: 3, line: 1, column: 21, text: 'SELECT 1' };
    const text = sqliteDialect.renderRepro({
      ...INPUT,
      before: [script('.read other.sql')],
      steps: [{ caption: 'up', script: endless, outcome: { status: 'timed-out', limitMs: 1, at, durationMs: 1 } }],
    });
    expect(text).toContain('CREATE TABLE t (a);\n-- never ends: SELECT 1\n');
    expect(text).not.toContain('SELECT 2');
    expect(text).toContain('-- migrations/0001_test.sql cannot be run by a driver');
  });
});

describe('tables that a script mentions', () => {
  it('should be found in any spelling, and not in comments', () => {
    const table = {
      schema: 'main',
      columns: [],
      primaryKey: [],
      uniques: [],
      foreignKeys: [],
      checks: [],
      exclusions: [],
    };
    const rest = { triggers: [], partitioning: null, notInsertable: null, existing: [] };
    const tables = ['"a b"', 'Users', 'other', 'commented'].map((key) => ({
      ...table,
      ...rest,
      key,
      name: key.replaceAll('"', ''),
    }));
    const text = 'UPDATE [A B] SET x = 1; -- commented\nDELETE FROM "users";';
    expect(sqliteDialect.mentionedTables(script(text), { dialect: 'sqlite', tables })).toEqual(['"a b"', 'Users']);
  });
});
