import { describe, expect, it } from 'vitest';
import { PalindromeError } from '../../../harness/core/errors.ts';
import { postgresDialect } from '../../../harness/dialects/postgres/dialect.ts';
import { splitUnchecked } from '../../../harness/dialects/postgres/split.ts';

const split = (text: string) => postgresDialect.split({ file: 'm.sql', text });
const texts = async (text: string) => (await split(text)).map((statement) => statement.text);
const failure = async (text: string): Promise<PalindromeError> => {
  const error = await split(text).catch((thrown: unknown) => thrown);
  if (!(error instanceof PalindromeError)) throw new Error('split() should have thrown a PalindromeError');
  return error;
};

const make = (count: number) =>
  Array.from({ length: count }, (_, n) => `INSERT INTO t (a, b) VALUES (${n}, 'é ${n};');`).join('\n');

describe('split', () => {
  it('should find nothing in empty text, blanks, comments and lone semicolons', async () => {
    expect(await split('')).toEqual([]);
    expect(await split(' \r\n-- only a comment\n/* and /* a nested */ one */ ; ;;\n')).toEqual([]);
  });

  it('should leave out surrounding comments and tell where each statement starts', async () => {
    const text = "\ufeff-- head\r\nSELECT 1; /* x */ SELECT 'é😀' ;\r\n\r\nUPDATE t SET a = 1 -- tail";
    const statements = await split(text);
    expect(statements.map((statement) => statement.text)).toEqual(['SELECT 1', "SELECT 'é😀'", 'UPDATE t SET a = 1']);
    for (const { text: part, offset } of statements) expect(text.slice(offset).startsWith(part)).toBe(true);
  });

  it('should keep semicolons in strings, names, dollar quotes, comments and parentheses', async () => {
    const statements = [
      `SELECT 'a;b''c;', "x;""y", E'it\\'s;', $$ ; $$, $tag$ $$ ; $tag$ /* ; */`,
      'CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM u; DELETE FROM v)',
      'SELECT a$b$c FROM t',
      String.raw`SELECT 'back\'`,
    ];
    expect(await texts(statements.join(';\n'))).toEqual(statements.map((text) => text.replace(' /* ; */', '')));
  });

  it('should keep BEGIN ATOMIC bodies together, CASE and nested names included', async () => {
    const routine = `CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC
      INSERT INTO t VALUES (CASE WHEN a > 0 THEN 1 ELSE 2 END); SELECT CASE a WHEN 1 THEN 2 END; END`;
    expect(await texts(`${routine}; BEGIN; SELECT 1; END; SELECT 2`)).toEqual([
      routine,
      'BEGIN',
      'SELECT 1',
      'END',
      'SELECT 2',
    ]);
  });

  it('should give COPY its data, also with CRLF and without an end mark', async () => {
    const statements = await split(
      'COPY t (a, b) FROM stdin;\n1\tx;\n2\t\\N\n\\.\nSELECT 1;\r\nCOPY u FROM STDIN CSV;\r\n1\r\n\\.\r\n',
    );
    expect(statements.map(({ command, copyData }) => [command, copyData])).toEqual([
      ['COPY', '1\tx;\n2\t\\N\n'],
      ['SELECT', null],
      ['COPY', '1\r\n'],
    ]);
    expect((await split('COPY t FROM stdin;\n1\n2'))[0]?.copyData).toBe('1\n2');
    expect((await split("COPY t FROM stdin;\n\\.\nSELECT 'x'")).map((one) => one.copyData)).toEqual(['', null]);
    expect((await split('COPY (SELECT 1) TO stdout'))[0]?.copyData).toBeNull();
  });

  it('should skip the psql commands of pg_dump and refuse others with their place', async () => {
    expect(await texts('\\restrict abc\n\\connect db\n\\set ON_ERROR_STOP on\nSELECT 1;\n\\unrestrict abc\n')).toEqual([
      'SELECT 1',
    ]);
    const error = await failure('SELECT 1;\n  \\i other.sql\n');
    expect(error).toMatchObject({ code: 'psql-command', kind: 'usage', place: { file: 'm.sql', line: 2, column: 3 } });
    expect(error.message).toContain('\\i');
  });

  it('should point at what does not parse, counting characters beyond the basic plane and earlier lines', async () => {
    const error = await failure("SELECT '😀é';\r\nSELECT '😀', 1 FORM t;\r\nSELECT 3");
    expect(error).toMatchObject({
      code: 'sql-syntax',
      kind: 'usage',
      place: { file: 'm.sql', line: 2, column: 21, lineText: "SELECT '😀', 1 FORM t;" },
    });
    expect((await failure("SELECT 1;\nSELECT 'open")).place).toMatchObject({ line: 2, column: 8 });
    expect((await failure('CREATE TABLE t (')).code).toBe('sql-syntax');
  });

  it('should name commands by their leading keywords', async () => {
    const script = `CREATE TABLE t (); CREATE OR REPLACE TEMP VIEW v AS SELECT 1; CREATE UNIQUE INDEX CONCURRENTLY i ON t (a);
      ALTER TYPE e ADD VALUE 'x'; CREATE MATERIALIZED VIEW m AS SELECT 1; START TRANSACTION; COMMENT ON TABLE t IS 'x';
      DROP TABLE t; TRUNCATE t; (SELECT 1); WITH x AS (SELECT 1) SELECT * FROM x; CREATE CONSTRAINT TRIGGER c AFTER INSERT ON t
      FOR EACH ROW EXECUTE FUNCTION f(); SET search_path TO x; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO r`;
    expect((await split(script)).map(({ command }) => command).join(', ')).toBe(
      `CREATE TABLE, CREATE VIEW, CREATE INDEX, ALTER TYPE, CREATE MATERIALIZED VIEW, START TRANSACTION, COMMENT ON, ` +
        `DROP TABLE, TRUNCATE, SELECT, WITH, CREATE TRIGGER, SET, ALTER DEFAULT PRIVILEGES`,
    );
  });

  it('should split without the grammar what only the server may judge', () => {
    expect(splitUnchecked('SELEC 1; SELECT 2').map((one) => one.text)).toEqual(['SELEC 1', 'SELECT 2']);
  });

  it('should split thousands of statements in time that grows with their number alone', async () => {
    const small = performance.now();
    expect(await split(make(4_000))).toHaveLength(4_000);
    const smallMs = performance.now() - small;
    const large = performance.now();
    expect(await split(make(40_000))).toHaveLength(40_000);
    expect(performance.now() - large).toBeLessThan(smallMs * 30 + 500);
  });
});
