import { beforeAll, describe, expect, it } from 'vitest';
import { passes } from '../../generators/checks/evaluate.ts';
import { loadParser, parseExpression } from '../../generators/checks/parse.ts';
import { spellForPostgres } from '../../generators/checks/sqlite-sql.ts';
import { instantValue, numberValue, textValue, type Outcome } from '../../generators/checks/value.ts';
import type { DialectName } from '../../harness/core/migration.ts';

const COLUMNS = ['n', 'm', 's', 't', 'at'];

interface RowValues {
  readonly n?: string | null;
  readonly m?: string | null;
  readonly s?: string | null;
  readonly t?: string | null;
  readonly at?: string | null;
}

function judge(sql: string, row: RowValues, dialect: DialectName = 'postgres'): boolean | undefined {
  const expression = parseExpression(sql, {
    dialect,
    indexOf: (name) => (COLUMNS.includes(name) ? COLUMNS.indexOf(name) : null),
  });
  if (expression === null) throw new Error(`does not parse: ${sql}`);
  const values: Outcome[] = [
    number(row.n),
    number(row.m),
    text(row.s),
    text(row.t),
    row.at === undefined ? undefined : row.at === null ? null : instantValue(row.at),
  ];
  return passes(expression, (index) => values[index]);
}

function number(value: string | null | undefined): Outcome {
  return value === null || value === undefined ? value : numberValue(value);
}

function text(value: string | null | undefined): Outcome {
  return value === null || value === undefined ? value : textValue(value);
}

describe('conditions', () => {
  beforeAll(() => loadParser());

  it.each<[string, RowValues, boolean | undefined]>([
    ['(n > (0)::numeric)', { n: '0.0001' }, true],
    ['(n > (0)::numeric)', { n: '0' }, false],
    ['(n > (0)::numeric)', { n: null }, true],
    ['n = 9007199254740993', { n: '9007199254740992' }, false],
    ['n = 1.50', { n: '1.5' }, true],
    ["n >= 'NaN'::numeric", { n: '1' }, false],
    ["(s)::text = ANY ((ARRAY['A'::character varying, 'B'::character varying])::text[])", { s: 'B' }, true],
    ["(s)::text = ANY ((ARRAY['A'::character varying, 'B'::character varying])::text[])", { s: 'C' }, false],
    ["s <> ALL (ARRAY['A', 'B'])", { s: 'A' }, false],
    ['char_length(s) <= 2', { s: '\u{1F600}\u{1F600}' }, true],
    ['octet_length(s) <= 2', { s: '\u{1F600}' }, false],
    ["s ~ '^[[:alpha:]]+$'", { s: 'abc' }, true],
    ["s !~~ 'a\\_%'", { s: 'a_x' }, false],
    ['jsonb_array_length(s::jsonb) <= 1', { s: '[1, 2]' }, false],
    ['jsonb_array_length(s::jsonb) <= 1', { s: '{}' }, undefined],
    ["s ILIKE 'A%'", { s: 'abc' }, true],
    ['n BETWEEN 1 AND m', { n: '2', m: '3' }, true],
    ['n NOT BETWEEN 1 AND m', { n: '2', m: '3' }, false],
    ['(n IS NULL) = (m IS NULL)', { n: null, m: '1' }, false],
    ['num_nonnulls(n, m, s) = 1', { n: null, m: '1', s: null }, true],
    ['((n IS NOT NULL)::integer + (m IS NOT NULL)::integer) = 1', { n: '1', m: '1' }, false],
    ['n + m = 3', { n: '1.25', m: '1.75' }, true],
    ['COALESCE(n, 0) > 0', { n: null }, false],
    ["btrim(s) <> ''", { s: '   ' }, false],
    ['CASE WHEN n = 1 THEN s IS NOT NULL ELSE true END', { n: '1', s: null }, false],
    ["at >= '2020-01-01'::date", { at: '2019-12-31 23:59:59.999999+00' }, false],
    ["at >= '2020-01-01'::date + '1 day'::interval", { at: '2020-01-01 23:59:59.999999' }, false],
    ["at < 'infinity'", { at: '294276-12-31 23:59:59' }, true],
    ['s IS DISTINCT FROM t', { s: null, t: null }, false],
    ['NOT (n = 1 OR m = 1)', { n: '2', m: null }, true],
    ["position('@' in s) > 1", { s: 'a@b' }, true],
    // What depends on a collation or an unknown function is left to the database.
    ['s < t', { s: 'a', t: 'b' }, undefined],
    ['my_function(n)', { n: '1' }, undefined],
    ['my_function(n) AND m > 0', { n: '1', m: '0' }, false],
  ])('should judge %s on %j as %s', (sql, row, expected) => {
    expect(judge(sql, row)).toBe(expected);
  });

  it.each<[string, RowValues, boolean | undefined]>([
    ["[s] GLOB 'a*'", { s: 'abc' }, true],
    ["`s` NOT GLOB 'a[xy]'", { s: 'ay' }, false],
    ['n == 1', { n: '1' }, true],
    ['n IS m', { n: null, m: null }, true],
    ['n IS NOT m', { n: '1', m: '1' }, false],
    ['s NOTNULL', { s: null }, false],
    ['s IN ("x", \'y\')', { s: 'x' }, true],
    ["s LIKE 'A%'", { s: 'abc' }, true],
    ['ifnull(n, 1) > 0', { n: null }, true],
  ])('should judge the SQLite condition %s on %j as %s', (sql, row, expected) => {
    expect(judge(sql, row, 'sqlite')).toBe(expected);
  });

  it('should leave strings and quoted names of SQLite alone', () => {
    expect(spellForPostgres(`s = 'a == [b] IS c' AND "x y" IS NULL`)).toBe(`s = 'a == [b] IS c' AND "x y" IS NULL`);
  });
});
