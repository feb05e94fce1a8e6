/** Each operator makes the change that it names, and the result is SQL again. */
import { expect, it } from 'vitest';
import { splitScript } from '../../harness/core/split-script.ts';
import { NO_DECLARATIONS } from '../../harness/core/declarations.ts';
import type { Direction, Migration, Script } from '../../harness/core/migration.ts';
import { scriptOf } from '../../harness/core/script.ts';
import { postgresDialect } from '../../harness/dialects/postgres/dialect.ts';
import { sqliteDialect } from '../../harness/dialects/sqlite/dialect.ts';
import { chooseMutants } from '../../harness/mutants/choose.ts';
import { applyEdits, mutateScript } from '../../harness/mutants/edits.ts';
import { findMutants, type Mutant, OPERATORS, parseScript } from '../../harness/mutants/mutants.ts';

const DIALECTS = { postgres: postgresDialect, sqlite: sqliteDialect };
type Name = keyof typeof DIALECTS;

async function mutantsOf(sql: string, dialect: Name, direction: Direction = 'up'): Promise<readonly Mutant[]> {
  const script = scriptOf(sql);
  const migration: Migration = { id: '1', name: '1_x', up: script, down: script, declarations: NO_DECLARATIONS };
  const statements = await splitScript(script, DIALECTS[dialect]);
  return findMutants(migration, await parseScript(script, direction, DIALECTS[dialect], statements));
}

const textOf = ({ migration, direction }: Mutant): string => (migration[direction] as Script).text;

async function changes(operator: string, sql: string, dialect: Name, direction: Direction): Promise<readonly string[]> {
  const found = (await mutantsOf(sql, dialect, direction)).filter((mutant) => mutant.operator.id === operator);
  for (const mutant of found) await splitScript(mutant.migration[direction] as Script, DIALECTS[dialect]);
  return found.map(textOf);
}

const EXAMPLES: readonly (readonly [string, Name | 'both', Direction, string, readonly string[]])[] = [
  [
    'drop-not-null',
    'both',
    'up',
    'CREATE TABLE t (a INT NOT NULL, b INT CHECK (b IS NOT NULL));',
    ['CREATE TABLE t (a INT, b INT CHECK (b IS NOT NULL));'],
  ],
  [
    'drop-unique',
    'both',
    'up',
    'CREATE TABLE t (a INT UNIQUE, b INT, UNIQUE (a, b));',
    ['CREATE TABLE t (a INT, b INT, UNIQUE (a, b));', 'CREATE TABLE t (a INT UNIQUE, b INT);'],
  ],
  [
    'drop-check',
    'both',
    'up',
    'CREATE TABLE t (a INT CONSTRAINT c CHECK (a > (0)) NOT NULL);',
    ['CREATE TABLE t (a INT NOT NULL);'],
  ],
  [
    'drop-references',
    'both',
    'up',
    'CREATE TABLE t (a INT REFERENCES u (id) ON DELETE SET NULL NOT NULL, b INT);',
    ['CREATE TABLE t (a INT NOT NULL, b INT);'],
  ],
  [
    'change-on-delete',
    'both',
    'up',
    'CREATE TABLE t (a INT REFERENCES u ON DELETE CASCADE, b INT REFERENCES u ON DELETE SET NULL);',
    [
      'CREATE TABLE t (a INT REFERENCES u, b INT REFERENCES u ON DELETE SET NULL);',
      'CREATE TABLE t (a INT REFERENCES u ON DELETE CASCADE, b INT REFERENCES u ON DELETE CASCADE);',
    ],
  ],
  ['index-not-unique', 'both', 'up', 'CREATE UNIQUE INDEX i ON t (a);', ['CREATE INDEX i ON t (a);']],
  ['drop-index-predicate', 'both', 'up', 'CREATE INDEX i ON t (a) WHERE a > 1;', ['CREATE INDEX i ON t (a);']],
  [
    'drop-default',
    'both',
    'up',
    "ALTER TABLE t ADD COLUMN a TEXT DEFAULT 'x' NOT NULL;",
    ['ALTER TABLE t ADD COLUMN a TEXT NOT NULL;'],
  ],
  [
    'change-default',
    'both',
    'up',
    'ALTER TABLE t ADD COLUMN a INT NOT NULL DEFAULT 41;',
    ['ALTER TABLE t ADD COLUMN a INT NOT NULL DEFAULT 42;'],
  ],
  [
    'narrow-type',
    'postgres',
    'up',
    'ALTER TABLE t ALTER a TYPE numeric(12, 2), ALTER b TYPE varchar(20);',
    [
      'ALTER TABLE t ALTER a TYPE NUMERIC(12,1), ALTER b TYPE varchar(20);',
      'ALTER TABLE t ALTER a TYPE numeric(12, 2), ALTER b TYPE VARCHAR(19);',
    ],
  ],
  [
    'swap-columns',
    'both',
    'up',
    'INSERT INTO t (a, b) SELECT c, d FROM u;',
    ['INSERT INTO t (b, a) SELECT c, d FROM u;'],
  ],
  [
    'swap-columns',
    'both',
    'up',
    'UPDATE t SET a = x, b = (y + 1) WHERE z;',
    ['UPDATE t SET a = (y + 1), b = x WHERE z;'],
  ],
  [
    'drop-where',
    'both',
    'up',
    'DELETE FROM t WHERE a IN (SELECT b FROM u WHERE c);',
    ['DELETE FROM t;', 'DELETE FROM t WHERE a IN (SELECT b FROM u);'],
  ],
  [
    'drop-condition-part',
    'both',
    'up',
    'DELETE FROM t WHERE a BETWEEN 1 AND 2 AND b;',
    ['DELETE FROM t WHERE b;', 'DELETE FROM t WHERE a BETWEEN 1 AND 2;'],
  ],
  [
    'drop-condition-part',
    'both',
    'up',
    'INSERT INTO t SELECT u.a FROM u JOIN v ON u.a = v.a AND u.b = v.b;',
    ['INSERT INTO t SELECT u.a FROM u JOIN v ON u.b = v.b;', 'INSERT INTO t SELECT u.a FROM u JOIN v ON u.a = v.a;'],
  ],
  ['shift-bound', 'both', 'up', 'CREATE TABLE t (a INT, CHECK (a >= 0));', ['CREATE TABLE t (a INT, CHECK (a > 0));']],
  [
    'negate-condition',
    'both',
    'up',
    'UPDATE t SET a = 1 WHERE b IS NULL;',
    ['UPDATE t SET a = 1 WHERE b IS NOT NULL;'],
  ],
  ['shift-literal', 'both', 'up', 'UPDATE t SET a = round(b, 4);', ['UPDATE t SET a = round(b, 5);']],
  [
    'shift-literal',
    'postgres',
    'up',
    'DO $$ BEGIN UPDATE t SET a = b::numeric(9, 2) + 7; END $$;',
    ['DO $$ BEGIN UPDATE t SET a = b::numeric(9, 2) + 8; END $$;'],
  ],
  ['lose-coalesce', 'both', 'up', 'UPDATE t SET a = coalesce(b, 0) + 1;', ['UPDATE t SET a = b + 1;']],
  [
    'lose-outer-join',
    'both',
    'up',
    'INSERT INTO t SELECT 1 FROM u LEFT OUTER JOIN v ON v.a = u.a;',
    ['INSERT INTO t SELECT 1 FROM u JOIN v ON v.a = u.a;'],
  ],
  ['drop-guard', 'both', 'down', 'DROP TABLE IF EXISTS t;', ['DROP TABLE t;']],
  ['drop-guard', 'both', 'up', 'INSERT INTO t VALUES (1) ON CONFLICT (a) DO NOTHING;', ['INSERT INTO t VALUES (1);']],
  ['drop-cascade', 'postgres', 'down', 'DROP TYPE t CASCADE;', ['DROP TYPE t;']],
  [
    'drop-statement',
    'both',
    'up',
    '-- one\nCREATE TABLE é (a INT);\nCREATE TABLE u (a INT);\n',
    ['-- one\nCREATE TABLE u (a INT);\n', '-- one\nCREATE TABLE é (a INT);\n'],
  ],
  ['drop-undo', 'both', 'down', 'DROP TABLE a;\nDROP TABLE b;', ['DROP TABLE b;', 'DROP TABLE a;\n']],
  ['empty-down', 'both', 'down', 'BEGIN;\nDROP TABLE a;\nDROP TABLE b;\nCOMMIT;', ['BEGIN;\nCOMMIT;']],
  [
    'leave-unvalidated',
    'postgres',
    'up',
    'ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);',
    ['ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;'],
  ],
  ['leave-unvalidated', 'postgres', 'up', 'SELECT 1;\nALTER TABLE t VALIDATE CONSTRAINT c;\n', ['SELECT 1;\n']],
  [
    'drop-action',
    'postgres',
    'up',
    'ALTER TABLE t ADD a INT, DROP b;',
    ['ALTER TABLE t DROP b;', 'ALTER TABLE t ADD a INT;'],
  ],
  [
    'commit-early',
    'both',
    'up',
    'BEGIN;\nDROP TABLE a;\nDROP TABLE b;\nCOMMIT;\n',
    ['BEGIN;\nDROP TABLE a;\nCOMMIT;\nDROP TABLE b;\n'],
  ],
];

const CASES = EXAMPLES.flatMap(([operator, dialect, direction, sql, expected]) =>
  (dialect === 'both' ? (['postgres', 'sqlite'] as const) : [dialect]).map(
    (name) => [operator, name, direction, sql, expected] as const,
  ),
);

it.each(CASES)('should make the mistake %s on %s in an %s: %s', async (operator, dialect, direction, sql, expected) => {
  expect(await changes(operator, sql, dialect, direction)).toEqual(expected);
});

it('should have an example of every operator', () => {
  const shown = new Set(EXAMPLES.map(([operator]) => operator));
  expect(OPERATORS.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
});

it.each(['postgres', 'sqlite'] as const)('should change nothing inside comments and strings on %s', async (dialect) => {
  const found = await mutantsOf("-- a >= 1 AND NOT NULL\nUPDATE t /* WHERE 1 */ SET a = 'x >= 1';\n", dialect);
  expect(found.map(textOf)).toEqual(['-- a >= 1 AND NOT NULL\n']);
});

it('should leave the other direction of a file alone', () => {
  const text = '-- up\nDROP TABLE a;\n-- down\nDROP TABLE b;\n';
  const chunk = { text: 'DROP TABLE b;\n', offset: text.indexOf('DROP TABLE b') };
  const script: Script = { file: 'x', text, sha256: '', transaction: 'wrapped', chunks: [chunk] };
  const start = text.indexOf('b;');
  const mutated = mutateScript(script, [{ start, end: start + 1, text: 'ccc' }]);
  expect(mutated.text).toBe('-- up\nDROP TABLE a;\n-- down\nDROP TABLE ccc;\n');
  expect(mutated.chunks).toEqual([{ text: 'DROP TABLE ccc;\n', offset: chunk.offset }]);
  const before = mutateScript(script, [{ start: 0, end: 6, text: '' }]);
  expect(before.chunks).toEqual([{ text: chunk.text, offset: chunk.offset - 6 }]);
  expect(
    applyEdits('abc', [
      { start: 0, end: 1, text: 'x' },
      { start: 2, end: 3, text: '' },
    ]),
  ).toBe('xb');
});

it('should take the same spread sample for the same seed, and only add to it for a larger one', async () => {
  const sql = Array.from({ length: 12 }, (_, n) => `UPDATE t SET a = ${n} WHERE b >= ${n} AND c < ${n};`).join('\n');
  const all = await mutantsOf(sql, 'sqlite');
  const ids = (max: number, seed: number) => chooseMutants(all, max, seed).map(({ id }) => id);
  expect(ids(10, 1)).toEqual(ids(10, 1));
  expect(ids(10, 1)).not.toEqual(ids(10, 2));
  const larger = new Set(ids(20, 1));
  expect(ids(10, 1).every((id) => larger.has(id))).toBe(true);
  const operators = new Set(all.map(({ operator }) => operator.id));
  expect(new Set(chooseMutants(all, operators.size, 3).map(({ operator }) => operator.id))).toEqual(operators);
});
