import { describe, expect, it } from 'vitest';
import { PalindromeError } from '../../../harness/core/errors.ts';
import { splitScript } from '../../../harness/dialects/sqlite/split.ts';

function split(text: string): string[] {
  return splitScript({ file: 'm.sql', text }).map((statement) => statement.text);
}

function thrownBy(text: string): PalindromeError {
  try {
    split(text);
  } catch (error) {
    if (error instanceof PalindromeError) return error;
  }
  throw new Error('nothing was thrown');
}

describe('splitting a SQLite script', () => {
  it('should end statements at semicolons outside strings, names and comments', () => {
    const text = `SELECT ';', "a;b", \`c;d\`, [e;f] /* ; */ -- ;\n, x''; ;; SELECT 'it''s; ok'`;
    expect(split(text)).toEqual([`SELECT ';', "a;b", \`c;d\`, [e;f] /* ; */ -- ;\n, x''`, `SELECT 'it''s; ok'`]);
  });

  it('should keep a trigger whole, with CASE … END inside, and a column called end', () => {
    const trigger = `CREATE TEMP TRIGGER "begin" AFTER UPDATE ON shift WHEN new.end > 1 BEGIN
      UPDATE shift SET kind = CASE WHEN new.end > 2 THEN 'a;' ELSE 'b' END WHERE end = new.end;
      SELECT end FROM shift;
    END`;
    expect(split(`SELECT 1; ${trigger}; SELECT 2;`)).toEqual(['SELECT 1', trigger, 'SELECT 2']);
    expect(split(`EXPLAIN ${trigger};SELECT 2`)).toEqual([`EXPLAIN ${trigger}`, 'SELECT 2']);
  });

  it('should not take BEGIN and END of a transaction for a trigger', () => {
    expect(split('BEGIN; SELECT 1; END; SELECT 2')).toEqual(['BEGIN', 'SELECT 1', 'END', 'SELECT 2']);
  });

  it('should say where a statement starts and what it does', () => {
    const text =
      '\n-- héllo 😀\n  WITH a AS (SELECT 1) UPDATE t SET x = 1;\r\nCREATE UNIQUE INDEX i ON t(x);END;create temp view v as select 1';
    const statements = splitScript({ file: 'm.sql', text });
    expect(statements.map(({ command }) => command)).toEqual(['UPDATE', 'CREATE INDEX', 'COMMIT', 'CREATE VIEW']);
    for (const { offset, text: found } of statements) expect(text.slice(offset).startsWith(found)).toBe(true);
  });

  it('should find no statement in blanks and comments', () => {
    expect(split('')).toEqual([]);
    expect(split(' -- nothing\n/* here */ ;\n')).toEqual([]);
  });

  it.each([
    ["SELECT 1;\n  SELECT 'abc", 2, 10],
    ['SELECT "abc', 1, 8],
    ['SELECT [abc', 1, 8],
    ['SELECT 1 /* abc', 1, 10],
  ])('should give the place of what never ends: %j', (text, line, column) => {
    const error = thrownBy(text);
    expect(error.code).toBe('sql-syntax');
    expect(error.place).toMatchObject({ file: 'm.sql', line, column });
  });

  it('should refuse a command of the shell with its place', () => {
    const error = thrownBy('SELECT 1;\n.read other.sql\n');
    expect(error.code).toBe('sqlite-shell-command');
    expect(error.place).toMatchObject({ line: 2, column: 1 });
    expect(split('SELECT\n.5')).toEqual(['SELECT\n.5']);
  });
});

describe('a statement that begins as none of SQLite does', () => {
  it('should be refused with its place', () => {
    const script = { file: '0001_a.sql', text: 'SELECT 1;\n  CREATE TABEL b (id int);' };
    expect(() => splitScript(script)).toThrow(
      expect.objectContaining({ code: 'sql-syntax', place: expect.objectContaining({ line: 2, column: 3 }) }),
    );
  });

  it.each([
    'CREATE TEMP TABLE t (a)',
    'CREATE UNIQUE INDEX i ON t (a)',
    'CREATE VIRTUAL TABLE f USING fts5(a)',
    'CREATE TEMPORARY TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END',
    'WITH x AS (SELECT 1) DELETE FROM t',
    'EXPLAIN QUERY PLAN SELECT 1',
    'END TRANSACTION',
    'VALUES (1)',
  ])('should not be %s', (text) => {
    expect(splitScript({ file: '0001_a.sql', text })).toHaveLength(1);
  });
});
