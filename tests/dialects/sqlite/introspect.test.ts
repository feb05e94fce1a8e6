import { describe, expect, it } from 'vitest';
import type { Table } from '../../../harness/core/schema.ts';
import { execute, openCluster } from './support.ts';

async function introspect(sql: string, foreignKeys = true): Promise<Map<string, Table>> {
  await using cluster = await (foreignKeys ? openCluster() : openCluster({ foreignKeys: false }));
  await using database = await cluster.create();
  await execute(database, sql);
  return new Map((await database.introspect()).tables.map((table) => [table.key, table]));
}

describe('introspecting', () => {
  it('should derive the affinity of each column as SQLite does', async () => {
    const declared = [
      'INT',
      'CHARINT',
      'VARCHAR(20)',
      'clob',
      '',
      'BLOB',
      'DOUBLE precision',
      'DECIMAL(10, 5)',
      'BOOLEAN',
      'FLOATING POINT',
    ];
    const table = (
      await introspect(`CREATE TABLE t (${declared.map((type, index) => `c${index} ${type}`).join(', ')})`)
    ).get('t')!;
    expect(table.columns.map(({ type }) => (type.kind === 'sqlite' ? type.affinity : type.kind))).toEqual([
      'INTEGER',
      'INTEGER',
      'TEXT',
      'TEXT',
      'BLOB',
      'BLOB',
      'REAL',
      'NUMERIC',
      'NUMERIC',
      'INTEGER',
    ]);
    expect(table.columns[2]!.type).toMatchObject({ declared: 'VARCHAR(20)' });
  });

  it('should say which columns may be NULL, are numbered or are generated', async () => {
    const tables =
      await introspect(`CREATE TABLE a (id INTEGER PRIMARY KEY, k TEXT NOT NULL DEFAULT 'x', g AS (k || '!'), s AS (k) STORED);
      CREATE TABLE b (id TEXT PRIMARY KEY, n ANY) STRICT; CREATE TABLE c (x INT PRIMARY KEY, y) WITHOUT ROWID; CREATE TABLE d (x INT PRIMARY KEY)`);
    const facts = (key: string): unknown[] =>
      tables
        .get(key)!
        .columns.map(({ name, isNullable, isAutoNumbered, generated }) => [
          name,
          isNullable,
          isAutoNumbered,
          generated,
        ]);
    expect(facts('a')).toEqual([
      ['id', false, true, null],
      ['k', false, false, null],
      ['g', true, false, 'virtual'],
      ['s', true, false, 'stored'],
    ]);
    expect(facts('b')).toEqual([
      ['id', false, false, null],
      ['n', true, false, null],
    ]);
    expect(facts('c')).toEqual([
      ['x', false, false, null],
      ['y', true, false, null],
    ]);
    expect(facts('d')).toEqual([['x', true, false, null]]);
    expect(tables.get('b')!.columns[1]!.type).toMatchObject({ affinity: 'BLOB', isStrict: true });
  });

  it('should list uniques: partial, over expressions, with a collation, composite', async () => {
    const table = (
      await introspect(`CREATE TABLE t (a TEXT, b TEXT COLLATE NOCASE UNIQUE, c INT, d TEXT, PRIMARY KEY (c, a));
      CREATE UNIQUE INDEX p ON t(a) WHERE c > 0 AND d = 'x;y'; CREATE UNIQUE INDEX e ON t(lower(a), "c"); CREATE UNIQUE INDEX n ON t(d COLLATE NOCASE); CREATE INDEX plain ON t(d)`)
    ).get('t')!;
    const byName = new Map(table.uniques.map((unique) => [unique.name, unique]));
    expect([...byName.keys()].toSorted()).toEqual(['e', 'n', 'p', 't.b', 't.c, t.a']);
    expect(byName.get('t.c, t.a')).toMatchObject({ isPrimary: true, columns: ['c', 'a'] });
    expect(byName.get('p')).toMatchObject({ columns: ['a'], predicate: "c > 0 AND d = 'x;y'", hasExpressions: false });
    expect(byName.get('e')).toMatchObject({ columns: ['a', 'c'], sql: 'lower(a), "c"', hasExpressions: true });
    expect(byName.get('n')).toMatchObject({ columns: ['d'], sql: 'd COLLATE NOCASE' });
    const noCase = table.columns.filter(({ type }) => type.kind === 'sqlite' && type.isNoCase).map(({ name }) => name);
    expect(noCase).toEqual(['b', 'd']);
  });

  it('should take an index over JSON for a check that there is JSON', async () => {
    const table = (
      await introspect(`CREATE TABLE t (a TEXT, "b c" TEXT, d TEXT, e TEXT); CREATE INDEX i ON t((json_extract(a, '$.x')), d);
      CREATE UNIQUE INDEX j ON t(("b c" ->> 'y')); CREATE INDEX k ON t(lower(e))`)
    ).get('t')!;
    expect(Object.fromEntries(table.checks.map(({ name, sql, columns }) => [name, [sql, columns]]))).toEqual({
      i: ['a IS NULL OR json_valid(a)', ['a']],
      j: ['"b c" IS NULL OR json_valid("b c")', ['b c']],
    });
  });

  it('should list foreign keys: composite, to an implied key, to itself, in a cycle', async () => {
    const tables =
      await introspect(`CREATE TABLE p (a, b, PRIMARY KEY (a, b)); CREATE TABLE x (id INTEGER PRIMARY KEY, Y INT REFERENCES y ON DELETE CASCADE);
      CREATE TABLE y (id INTEGER PRIMARY KEY, x INT REFERENCES X(ID) DEFERRABLE INITIALLY DEFERRED, up REFERENCES y, pa, pb, FOREIGN KEY (PA, pb) REFERENCES p)`);
    expect(tables.get('x')!.foreignKeys).toEqual([
      expect.objectContaining({
        columns: ['Y'],
        refTable: 'y',
        refColumns: ['id'],
        onDelete: 'CASCADE',
        isEnforced: true,
        isDeferrable: false,
      }),
    ]);
    const ofY = tables.get('y')!.foreignKeys.map(({ columns, refTable, refColumns, isDeferrable }) => ({
      columns,
      refTable,
      refColumns,
      isDeferrable,
    }));
    expect(ofY).toHaveLength(3);
    expect(ofY).toContainEqual({ columns: ['pa', 'pb'], refTable: 'p', refColumns: ['a', 'b'], isDeferrable: false });
    expect(ofY).toContainEqual({ columns: ['x'], refTable: 'x', refColumns: ['id'], isDeferrable: true });
    expect(ofY).toContainEqual({ columns: ['up'], refTable: 'y', refColumns: ['id'], isDeferrable: false });
  });

  it('should say why no row fits, where a reference is broken and foreign keys are on', async () => {
    const sql = `CREATE TABLE a (x REFERENCES gone); CREATE TABLE p (n); CREATE TABLE b (x REFERENCES p(n)); CREATE VIRTUAL TABLE f USING fts5(t)`;
    const on = await introspect(sql);
    expect(on.get('a')!.notInsertable).toContain('gone, which is not there');
    expect(on.get('b')!.notInsertable).toContain('not a key');
    expect(on.get('f')!.notInsertable).toContain('virtual table (fts5)');
    expect(on.get('p')!.notInsertable).toBeNull();
    const off = await introspect(sql, false);
    expect(off.get('a')!.notInsertable).toBeNull();
    expect(off.get('b')!.foreignKeys[0]!.isEnforced).toBe(false);
  });

  it('should list checks with the columns that they mention, triggers, and rows that are there', async () => {
    const table = (
      await introspect(`CREATE TABLE t (a INT CHECK (a BETWEEN 1 AND 9), "b c" TEXT DEFAULT 'CHECK (no)', CONSTRAINT both CHECK (length("b c") > a /* really */));
      CREATE TRIGGER g BEFORE INSERT ON t BEGIN SELECT 1; END; INSERT INTO t VALUES (1, 'it''s'), (2, 'four')`)
    ).get('t')!;
    expect(table.checks).toEqual([
      { name: 'a BETWEEN 1 AND 9', sql: 'a BETWEEN 1 AND 9', columns: ['a'], isValidated: true },
      { name: 'both', sql: 'length("b c") > a', columns: ['a', 'b c'], isValidated: true },
    ]);
    expect(table.triggers).toEqual(['g']);
    expect(table.existing).toEqual([
      ['1', "'it''s'"],
      ['2', "'four'"],
    ]);
  });
});
