import { describe, expect, it } from 'vitest';
import { capture, datasetOf, execute, openCluster, rowsOf } from './support.ts';

describe('capturing rows', () => {
  it('should give every value as the literal that reads back to the same value', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    await execute(database, 'CREATE TABLE v (id INTEGER PRIMARY KEY, x)');
    const literals = [
      '9007199254740993',
      '-9223372036854775808',
      '1.0e+308',
      '4.9406564584124654e-324',
      '0.1',
      '0.3',
      '0.30000000000000004',
      '9.0e+999',
      '-9.0e+999',
      '-0.0',
      '0.0',
      '0',
      `'it''s'`,
      `''`,
      `X''`,
      `X'00FF'`,
      `'12'`,
      `'é😀'`,
      `CAST(X'610062' AS TEXT)`,
      `CAST(X'61FF' AS TEXT)`,
      null,
    ];
    const rows = literals.map((literal, index) => [String(index), literal]);
    await database.load(datasetOf(['v', ['id', 'x'], ...rows]), await database.introspect());
    const first = await capture(database);
    const read = first.tables.get('v')!.rows!;
    expect(read.map((row) => row[1])).toEqual(literals);
    await database.reset(null);
    await execute(database, 'CREATE TABLE v (id INTEGER PRIMARY KEY, x)');
    await database.load(datasetOf(['v', ['id', 'x'], ...read]), await database.introspect());
    expect((await capture(database)).tables.get('v')!.digest).toBe(first.tables.get('v')!.digest);
  });

  it.each([
    ['0.0', '-0.0'],
    ['1', '1.0'],
    ['1', "'1'"],
    ["'a'", "X'61'"],
    ["CAST(X'6100' AS TEXT)", "CAST(X'610001' AS TEXT)"],
    ["CAST(X'FE' AS TEXT)", "CAST(X'FF' AS TEXT)"],
    ['9007199254740993', '9007199254740992'],
    ['0.1', '0.10000000000000002'],
    ['NULL', "'NULL'"],
    ["''", 'NULL'],
  ])('should tell %s from %s', async (one, other) => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    await execute(database, `CREATE TABLE v (x); INSERT INTO v VALUES (${one})`);
    const before = (await capture(database)).tables.get('v')!;
    await execute(database, `UPDATE v SET x = ${other}`);
    const after = (await capture(database)).tables.get('v')!;
    expect(after.rows).not.toEqual(before.rows);
    expect(after.digest).not.toBe(before.digest);
  });

  it('should read text with a NUL in a text column exactly, in UTF-16 too', async () => {
    await using cluster = await openCluster();
    for (const encoding of ['UTF-8', 'UTF-16le']) {
      await using database = await cluster.create();
      await execute(
        database,
        `PRAGMA encoding = '${encoding}'; CREATE TABLE v (x TEXT); INSERT INTO v VALUES ('a' || char(0) || 'b')`,
      );
      const literal = (await capture(database)).tables.get('v')!.rows![0]![0]!;
      expect(literal).toMatch(/^CAST\(X'/);
      expect(await rowsOf(database, `SELECT x = ${literal} FROM v`)).toEqual([['1']]);
    }
  });

  it('should give a digest that depends neither on the order of rows nor on that of columns', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    await execute(database, `CREATE TABLE v (a, b); INSERT INTO v VALUES (1, 2), (3, 4), (1, 2)`);
    const before = (await capture(database)).tables.get('v')!.digest;
    await execute(database, `DROP TABLE v; CREATE TABLE v (b, a); INSERT INTO v (a, b) VALUES (3, 4), (1, 2), (1, 2)`);
    expect((await capture(database)).tables.get('v')!.digest).toBe(before);
    await execute(database, `DELETE FROM v WHERE rowid = 2`);
    expect((await capture(database)).tables.get('v')!.digest).not.toBe(before);
  });

  it('should give count and digest alone above the row limit, and the rows again below it', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    await execute(database, `CREATE TABLE v (a); INSERT INTO v VALUES (1), (2)`);
    const full = (await capture(database)).tables.get('v')!;
    const brief = (await database.capture({ maxRowsPerTable: 1, projections: [] })).tables.get('v')!;
    expect(brief).toMatchObject({ rows: null, rowCount: 2, digest: full.digest });
    expect((await capture(database)).tables.get('v')!.rows).toEqual(full.rows);
  });

  it('should include generated columns and tables with names that need quoting', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    await execute(
      database,
      `CREATE TABLE "we""ird [t] é" ("sel ect" INTEGER PRIMARY KEY, [b]]"] TEXT) ;`.replace('[b]]"]', '"b]"') +
        `CREATE TABLE g (a INTEGER, b INTEGER AS (a * 2) STORED, c AS (a || 'x'));
         INSERT INTO "we""ird [t] é" VALUES (1, 'x'); INSERT INTO g VALUES (4);`,
    );
    const snapshot = await capture(database);
    expect(snapshot.tables.get('g')!.rows).toEqual([['4', '8', "'4x'"]]);
    const odd = snapshot.tables.get('"we""ird [t] é"')!;
    expect(odd.primaryKey).toEqual(['sel ect']);
    expect(odd.rows).toEqual([['1', "'x'"]]);
  });

  it('should tell the next number of an AUTOINCREMENT table, deleted rows included', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    await execute(
      database,
      `CREATE TABLE s (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO s VALUES (41), (7); DELETE FROM s WHERE id = 41`,
    );
    expect((await capture(database)).sequences).toEqual([
      { name: 's', nextValue: '42', increment: '1', ownedBy: { table: 's', column: 'id' }, columnExtreme: '7' },
    ]);
  });

  it('should evaluate projections over each row, keyed by the primary key', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    await execute(
      database,
      `CREATE TABLE v (k TEXT PRIMARY KEY, n) WITHOUT ROWID; INSERT INTO v VALUES ('a', 1), ('b', NULL)`,
    );
    const snapshot = await database.capture({ maxRowsPerTable: 10, projections: [{ table: 'v', sql: 'n + 0.5' }] });
    expect(snapshot.projections).toEqual([
      {
        table: 'v',
        sql: 'n + 0.5',
        values: [
          { key: ["'a'"], value: '1.5' },
          { key: ["'b'"], value: null },
        ],
      },
    ]);
    await expect(
      database.capture({ maxRowsPerTable: 10, projections: [{ table: 'v', sql: 'nope' }] }),
    ).rejects.toMatchObject({ code: 'expression-invalid' });
  });

  it('should read the content of full-text tables, without the tables they keep for themselves', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    await execute(database, `CREATE VIRTUAL TABLE notes USING fts5(title, body); INSERT INTO notes VALUES ('a', 'b')`);
    const snapshot = await capture(database);
    expect([...snapshot.tables.keys()]).toEqual(['notes']);
    expect(snapshot.tables.get('notes')!.rows).toEqual([["'a'", "'b'"]]);
  });
});
