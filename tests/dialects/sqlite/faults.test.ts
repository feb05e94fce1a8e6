import { describe, expect, it } from 'vitest';
import { LIMITS, execute, openCluster, script } from './support.ts';

const SCHEMA = `CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INT CHECK (b > 0), u INT, v INT, CONSTRAINT big CHECK (b < 100), UNIQUE (u, v));
  CREATE TABLE c (p REFERENCES t); CREATE UNIQUE INDEX low ON t(lower(a)); CREATE VIEW w AS SELECT a FROM t; CREATE TABLE s (n INT) STRICT;
  CREATE TRIGGER g BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'no such luck: table t already exists'); END;
  INSERT INTO t VALUES (1, 'x', 1, 1, 1)`;

describe('classifying errors of SQLite', () => {
  it.each([
    ['INSERT INTO t (id, b) VALUES (2, 1)', 'SQLITE_CONSTRAINT_NOTNULL', 'not-null', { table: 't', column: 'a' }],
    [
      "INSERT INTO t VALUES (2, 'y', 1, 1, 1)",
      'SQLITE_CONSTRAINT_UNIQUE',
      'unique',
      { table: 't', constraint: 't.u, t.v' },
    ],
    ["INSERT INTO t VALUES (1, 'y', 1, 2, 2)", 'SQLITE_CONSTRAINT_PRIMARYKEY', 'unique', { table: 't', column: 'id' }],
    ["INSERT INTO t VALUES (2, 'X', 1, 2, 2)", 'SQLITE_CONSTRAINT_UNIQUE', 'unique', { constraint: 'low' }],
    ["INSERT INTO t VALUES (2, 'y', 200, 2, 2)", 'SQLITE_CONSTRAINT_CHECK', 'check', { constraint: 'big' }],
    ['INSERT INTO c VALUES (5)', 'SQLITE_CONSTRAINT_FOREIGNKEY', 'foreign-key', {}],
    ['DELETE FROM t', 'SQLITE_CONSTRAINT_TRIGGER', 'raised', {}],
    ["INSERT INTO s VALUES ('x')", 'SQLITE_CONSTRAINT_DATATYPE', 'value', {}],
    ["INSERT INTO t VALUES ('x', 'y', 1, 2, 2)", 'SQLITE_MISMATCH', 'value', {}],
    ["SELECT json('{')", 'SQLITE_ERROR', 'value', {}],
    ['SELECT abs(-9223372036854775808)', 'SQLITE_ERROR', 'value', {}],
    ['CREATE TABLE "T" (a)', 'SQLITE_ERROR', 'already-exists', {}],
    ['CREATE VIEW t AS SELECT 1', 'SQLITE_ERROR', 'already-exists', {}],
    ['CREATE INDEX main.low ON t(a)', 'SQLITE_ERROR', 'already-exists', {}],
    ['CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END', 'SQLITE_ERROR', 'already-exists', {}],
    ['ALTER TABLE t ADD COLUMN A INT', 'SQLITE_ERROR', 'already-exists', {}],
    ['ALTER TABLE c RENAME TO s', 'SQLITE_ERROR', 'already-exists', {}],
    ['ALTER TABLE t RENAME COLUMN a TO b', 'SQLITE_ERROR', 'already-exists', {}],
    ['DROP TABLE nope', 'SQLITE_ERROR', 'missing-object', {}],
    ['DROP VIEW nope', 'SQLITE_ERROR', 'missing-object', {}],
    ['DROP INDEX nope', 'SQLITE_ERROR', 'missing-object', {}],
    ['DROP TRIGGER nope', 'SQLITE_ERROR', 'missing-object', {}],
    ['ALTER TABLE nope ADD COLUMN a', 'SQLITE_ERROR', 'missing-object', {}],
    ['ALTER TABLE t RENAME COLUMN nope TO x', 'SQLITE_ERROR', 'missing-object', {}],
    ['ALTER TABLE t DROP nope', 'SQLITE_ERROR', 'missing-object', {}],
    ['SELECT nope FROM t AS other', 'SQLITE_ERROR', 'missing-object', {}],
    ['WITH q AS (SELECT 1 AS one) SELECT one FROM q, nope', 'SQLITE_ERROR', 'missing-object', {}],
    ['INSERT INTO t (nope) VALUES (1)', 'SQLITE_ERROR', 'missing-object', {}],
    ['CREATE INDEX i ON t(nope)', 'SQLITE_ERROR', 'missing-object', {}],
    ['SELECT nofunction(1)', 'SQLITE_ERROR', 'missing-function', {}],
    ['INSERT INTO t (a, b) SELECT a, nofunction(b) FROM t AS other', 'SQLITE_ERROR', 'missing-function', {}],
    ['INSERT INTO nope (a) SELECT nofunction(a) FROM t', 'SQLITE_ERROR', 'missing-object', {}],
    ['ALTER TABLE t DROP COLUMN u', 'SQLITE_ERROR', 'dependent-objects', {}],
    ['SELEC a FROM t', 'SQLITE_ERROR', 'syntax', {}],
    ['INSERT INTO t VALUES (1', 'SQLITE_ERROR', 'syntax', {}],
    ['SELECT a FROM FROM t', 'SQLITE_ERROR', 'syntax', {}],
    ['COMMIT', 'SQLITE_ERROR', 'transaction-state', {}],
    ['BEGIN; BEGIN', 'SQLITE_ERROR', 'transaction-state', {}],
  ])('should take %s for what it is', async (sql, code, kind, names) => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    await execute(database, SCHEMA);
    const outcome = await database.execute(script(sql), LIMITS);
    expect(outcome).toMatchObject({ status: 'failed', fault: { code, class: kind, ...names } });
  });
});
