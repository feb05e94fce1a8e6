import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../harness/core/dataset.ts';
import type { Database, LoadResult } from '../../../harness/core/dialect.ts';
import { capture, datasetOf, execute, openCluster, rowsOf } from './support.ts';

async function load(database: Database, dataset: Dataset): Promise<LoadResult> {
  return await database.load(dataset, await database.introspect());
}

describe('loading a dataset', () => {
  it('should insert rows that refer to each other in a cycle', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    await execute(
      database,
      `CREATE TABLE a (id INTEGER PRIMARY KEY, b INT NOT NULL REFERENCES b); CREATE TABLE b (id INTEGER PRIMARY KEY, a INT NOT NULL REFERENCES a)`,
    );
    const dataset = datasetOf(['a', ['id', 'b'], ['1', '7']], ['b', ['id', 'a'], ['7', '1']]);
    expect(await load(database, dataset)).toEqual({ loaded: dataset, refused: [] });
    expect(await rowsOf(database, 'SELECT * FROM b')).toEqual([['7', '1']]);
  });

  it('should leave out refused rows together with the rows that refer to them', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    await execute(
      database,
      `CREATE TABLE a (id INTEGER PRIMARY KEY, n INT NOT NULL CHECK (n > 0), u UNIQUE); CREATE TABLE b (id TEXT PRIMARY KEY, a REFERENCES a) WITHOUT ROWID;
      CREATE TABLE c (b REFERENCES b)`,
    );
    const result = await load(
      database,
      datasetOf(
        ['a', ['id', 'n', 'u'], ['1', '1', '5'], ['2', '0', '6'], ['3', null, '7'], ['4', '1', '5']],
        ['b', ['id', 'a'], ["'x'", '1'], ["'y'", '2'], ["'z'", '77']],
        ['c', ['b'], ["'x'"], ["'y'"], [null]],
      ),
    );
    expect(result.loaded.tables.map(({ rows }) => rows)).toEqual([
      [['1', '1', '5']],
      [["'x'", '1']],
      [["'x'"], [null]],
    ]);
    expect(result.refused.map(({ table, fault }) => [table, fault.class])).toEqual([
      ['a', 'check'],
      ['a', 'not-null'],
      ['a', 'unique'],
      ['b', 'foreign-key'],
      ['b', 'foreign-key'],
      ['c', 'foreign-key'],
    ]);
    expect(result.refused[3]!.fault).toMatchObject({ constraint: 'b(a)', table: 'b', column: 'a' });
    expect((await capture(database)).tables.get('b')!.rows).toEqual([["'x'", '1']]);
  });

  it('should tell the rows that a trigger ignored or refused, and those that a later row replaced', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    await execute(
      database,
      `CREATE TABLE t (n); CREATE TRIGGER g BEFORE INSERT ON t BEGIN
        SELECT RAISE(IGNORE) WHERE new.n = 1; SELECT RAISE(ABORT, 'not two') WHERE new.n = 2; SELECT RAISE(ROLLBACK, 'not three') WHERE new.n = 3; END;
      CREATE TABLE r (k UNIQUE ON CONFLICT REPLACE, v)`,
    );
    const result = await load(
      database,
      datasetOf(['t', ['n'], ['0'], ['1'], ['2'], ['3'], ['4']], ['r', ['k', 'v'], ['1', '1'], ['1', '2']]),
    );
    expect(result.loaded.tables.map(({ rows }) => rows)).toEqual([[['0'], ['4']], [['1', '2']]]);
    expect(result.refused.map(({ row, fault }) => [row[0], fault.class, fault.message])).toEqual([
      ['2', 'raised', 'not two'],
      ['3', 'raised', 'not three'],
    ]);
    expect(await rowsOf(database, 'SELECT n FROM t ORDER BY n')).toEqual([['0'], ['4']]);
  });

  it('should accept rows without columns, defaults, and rows of tables with odd names', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    await execute(database, `CREATE TABLE "o'dd ""t" (id INTEGER PRIMARY KEY AUTOINCREMENT, "se lect" DEFAULT 'd')`);
    const key = `"o'dd ""t"`;
    await load(database, datasetOf([key, [], [], []], [key, ['id', 'se lect'], ['9', "'x'"]]));
    const snapshot = await capture(database);
    expect(snapshot.tables.get(key)!.rows).toEqual([
      ['1', "'d'"],
      ['2', "'d'"],
      ['9', "'x'"],
    ]);
    expect(snapshot.sequences[0]).toMatchObject({ nextValue: '10', columnExtreme: '9' });
  });

  it('should not check foreign keys where they are off', async () => {
    await using cluster = await openCluster({ foreignKeys: false });
    await using database = await cluster.create();
    await execute(database, 'CREATE TABLE c (p REFERENCES nowhere)');
    expect((await load(database, datasetOf(['c', ['p'], ['1']]))).refused).toEqual([]);
  });

  it('should refuse a row of the wrong type in a strict table', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    await execute(database, 'CREATE TABLE s (n INTEGER) STRICT');
    const { refused } = await load(database, datasetOf(['s', ['n'], ["'x'"], ['1']]));
    expect(refused.map(({ fault }) => [fault.code, fault.class])).toEqual([['SQLITE_CONSTRAINT_DATATYPE', 'value']]);
  });
});
