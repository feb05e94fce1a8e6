import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Column, ColumnType, SchemaModel, Table } from '../../../harness/core/schema.ts';
import { introspectSchema } from '../../../harness/dialects/postgres/introspect.ts';
import type { PostgresServer } from '../postgres/support.ts';
import { startServer } from '../postgres/support.ts';
import type { TestDatabase } from './database.ts';
import { makeDatabase } from './database.ts';

const NASTY = readFileSync(new URL('./fixtures/nasty.sql', import.meta.url), 'utf8');

let server: PostgresServer;
let database: TestDatabase;
let model: SchemaModel;

beforeAll(async () => {
  server = await startServer();
  database = await makeDatabase(server, NASTY);
  model = await introspectSchema(database.client);
});

afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

function table(key: string, of: SchemaModel = model): Table {
  const found = of.tables.find((candidate) => candidate.key === key);
  if (found === undefined) throw new Error(`no table ${key}`);
  return found;
}

function column(key: string, name: string): Column {
  const found = table(key).columns.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no column ${name}`);
  return found;
}

const TEXT: ColumnType = { kind: 'text', maxLength: null, fixed: false, caseInsensitive: false };
const INTEGER: ColumnType = { kind: 'integer', min: '-2147483648', max: '2147483647' };
const BIGINT: ColumnType = { kind: 'integer', min: '-9223372036854775808', max: '9223372036854775807' };
const FREE_NUMERIC: ColumnType = { kind: 'numeric', precision: null, scale: null, hasNaN: true, hasInfinity: true };
const MOOD: ColumnType = { kind: 'enum', name: '"Wei rd"."Mood"', labels: ['first', 'sad', "o'k", 'Happy "x"'] };
const POSITIVE: ColumnType = {
  kind: 'domain',
  name: 'public.positive',
  base: { kind: 'numeric', precision: 10, scale: 2, hasNaN: true, hasInfinity: false },
  isNotNull: false,
  checks: ['(VALUE > (0)::numeric)'],
};
const PAIR: ColumnType = {
  kind: 'composite',
  name: 'public.pair',
  fields: [
    { name: 'x', type: INTEGER },
    { name: 'y', type: { kind: 'array', element: { ...TEXT, maxLength: 5 } } },
  ],
};

const TYPES: readonly (readonly [column: string, type: ColumnType])[] = [
  ['i2', { kind: 'integer', min: '-32768', max: '32767' }],
  ['select', INTEGER],
  ['id', BIGINT],
  ['o', { kind: 'integer', min: '0', max: '4294967295' }],
  ['n', FREE_NUMERIC],
  ['n2', { kind: 'numeric', precision: 12, scale: 4, hasNaN: true, hasInfinity: false }],
  ['f4', { kind: 'float', bits: 32 }],
  ['f8', { kind: 'float', bits: 64 }],
  ['mo', { kind: 'money' }],
  ['d', POSITIVE],
  [
    'sp',
    {
      kind: 'domain',
      name: 'public.small_positive',
      base: POSITIVE,
      isNotNull: true,
      checks: ['((VALUE)::numeric < (100)::numeric)'],
    },
  ],
  ['m', MOOD],
  ['ms', { kind: 'array', element: MOOD }],
  ['iv5', { kind: 'array', element: INTEGER }],
  ['v', { ...TEXT, maxLength: 20 }],
  ['c', { ...TEXT, maxLength: 3, fixed: true }],
  ['c0', { ...TEXT, maxLength: 1, fixed: true }],
  ['bp', { ...TEXT, fixed: true }],
  ['t', TEXT],
  ['nocase', { ...TEXT, caseInsensitive: true }],
  ['cx', { ...TEXT, caseInsensitive: true }],
  ['nm', { ...TEXT, maxLength: 15 }],
  ['b', { kind: 'bits', length: 4, isVarying: false }],
  ['vb', { kind: 'bits', length: 7, isVarying: true }],
  ['vb0', { kind: 'bits', length: null, isVarying: true }],
  ['d1', { kind: 'date' }],
  ['ts', { kind: 'timestamp', withZone: false, precision: 3 }],
  ['tz', { kind: 'timestamp', withZone: true, precision: 6 }],
  ['ti', { kind: 'time', withZone: false, precision: 0 }],
  ['tiz', { kind: 'time', withZone: true, precision: 6 }],
  ['iv', { kind: 'interval', precision: 6 }],
  ['iv2', { kind: 'interval', precision: 2 }],
  ['iv3', { kind: 'interval', precision: 0 }],
  ['iv4', { kind: 'interval', precision: 1 }],
  ['u', { kind: 'uuid' }],
  ['j', { kind: 'json', binary: false }],
  ['jb', { kind: 'json', binary: true }],
  ['x', { kind: 'xml' }],
  ['by', { kind: 'bytes' }],
  ['bo', { kind: 'boolean' }],
  ['ine', { kind: 'network', which: 'inet' }],
  ['ci', { kind: 'network', which: 'cidr' }],
  ['mc', { kind: 'network', which: 'macaddr' }],
  ['mc8', { kind: 'network', which: 'macaddr8' }],
  ['pt', { kind: 'geometric', which: 'point' }],
  ['ln', { kind: 'geometric', which: 'line' }],
  ['ls', { kind: 'geometric', which: 'lseg' }],
  ['bx', { kind: 'geometric', which: 'box' }],
  ['pa', { kind: 'geometric', which: 'path' }],
  ['pg', { kind: 'geometric', which: 'polygon' }],
  ['cl', { kind: 'geometric', which: 'circle' }],
  ['tv', { kind: 'textSearch', which: 'tsvector' }],
  ['tq', { kind: 'textSearch', which: 'tsquery' }],
  ['ir', { kind: 'range', element: INTEGER, isMulti: false, isDiscrete: true }],
  ['imr', { kind: 'range', element: BIGINT, isMulti: true, isDiscrete: true }],
  ['nr', { kind: 'range', element: FREE_NUMERIC, isMulti: false, isDiscrete: false }],
  ['sr', { kind: 'range', element: { kind: 'float', bits: 64 }, isMulti: false, isDiscrete: false }],
  ['smr', { kind: 'range', element: { kind: 'float', bits: 64 }, isMulti: true, isDiscrete: false }],
  ['pr', PAIR],
  ['prs', { kind: 'array', element: PAIR }],
  ['hs', { kind: 'hstore' }],
  ['lt', { kind: 'ltree' }],
  ['ch', { kind: 'unsupported', name: 'char' }],
  ['jp', { kind: 'unsupported', name: 'jsonpath' }],
  ['lq', { kind: 'unsupported', name: 'public.lquery' }],
  ['lqs', { kind: 'unsupported', name: 'public._lquery' }],
  ['lsn', { kind: 'unsupported', name: 'pg_lsn' }],
];

describe('column types', () => {
  it.for(TYPES)('should be read exactly: %s', ([name, type]) => {
    expect(column('"Wei rd"."Order"', name).type).toEqual(type);
  });

  it('should read a scale beyond the precision and below zero', async () => {
    if (database.major < 15) return;
    await using other = await makeDatabase(
      server,
      'CREATE TABLE t (a numeric(3, -2), b numeric(2, 5), c numeric(1000, 1000))',
    );
    const { tables } = await introspectSchema(other.client);
    const numbers = tables[0]!.columns.map(({ type }) => (type.kind === 'numeric' ? [type.precision, type.scale] : []));
    expect(numbers).toEqual([
      [3, -2],
      [2, 5],
      [1000, 1000],
    ]);
  });
});

describe('columns', () => {
  it('should tell defaults, and take a domain’s where there is no other', () => {
    expect(column('"Wei rd"."Order"', 'm').defaultSql).toBe(`'sad'::"Wei rd"."Mood"`);
    expect(column('"Wei rd"."Order"', 'sp').defaultSql).toBe('1.5');
    expect(column('"Wei rd"."Order"', 'n').defaultSql).toBeNull();
  });

  it('should tell what refuses NULL, domains included', () => {
    expect(column('"Wei rd"."Order"', 'sp').isNullable).toBe(false);
    expect(column('"Wei rd"."Order"', 'd').isNullable).toBe(true);
    expect(column('public.child', 'k1').isNullable).toBe(false);
  });

  it('should tell generated and identity columns and those that a sequence fills', () => {
    const told = ['id', 'select', 'byd', 'gen', 'n'].map((name) => {
      const { generated, identity, isAutoNumbered, defaultSql } = column('"Wei rd"."Order"', name);
      return [generated, identity, isAutoNumbered, defaultSql === null];
    });
    expect(told).toEqual([
      [null, null, true, false],
      [null, 'always', true, true],
      [null, 'by-default', true, true],
      ['stored', null, false, true],
      [null, null, false, true],
    ]);
  });

  it('should leave out dropped ones', () => {
    expect(table('public.child').columns.map(({ name }) => name)).toEqual(['a', 'self', 'self2', 'k1', 'k2']);
  });
});

describe('keys and checks', () => {
  it('should list unique constraints and indexes without included columns', () => {
    expect(table('"Wei rd"."Order"').uniques).toEqual([
      {
        name: 'Order_pkey',
        columns: ['id'],
        hasExpressions: false,
        sql: 'id',
        predicate: null,
        nullsNotDistinct: false,
        isPrimary: true,
      },
      {
        name: 'low',
        columns: ['v', 'u'],
        hasExpressions: true,
        sql: 'lower((v)::text), u',
        predicate: 'bo',
        nullsNotDistinct: false,
        isPrimary: false,
      },
      {
        name: 'v and c',
        columns: ['v', 'c'],
        hasExpressions: false,
        sql: 'v, c',
        predicate: null,
        nullsNotDistinct: false,
        isPrimary: false,
      },
    ]);
    expect(table('public.child').primaryKey).toEqual(['k1', 'k2']);
  });

  it('should list foreign keys, composite and to itself', () => {
    expect(table('public.child').foreignKeys).toEqual([
      {
        name: 'child_a_fkey',
        columns: ['a'],
        refTable: '"Wei rd"."Order"',
        refColumns: ['id'],
        match: 'simple',
        isDeferrable: true,
        onDelete: 'CASCADE',
        onUpdate: 'SET NULL',
        isEnforced: true,
      },
      {
        name: 'selfk',
        columns: ['self', 'self2'],
        refTable: 'public.child',
        refColumns: ['k1', 'k2'],
        match: 'full',
        isDeferrable: false,
        onDelete: 'NO ACTION',
        onUpdate: 'NO ACTION',
        isEnforced: true,
      },
    ]);
  });

  it('should tell a foreign key whose triggers are off from one that is merely not validated', async () => {
    await database.client.query('ALTER TABLE child DISABLE TRIGGER ALL');
    const off = table('public.child', await introspectSchema(database.client));
    await database.client.query('ALTER TABLE child ENABLE TRIGGER ALL; ALTER TABLE child DISABLE TRIGGER tg_off');
    expect(off.foreignKeys.map(({ isEnforced }) => isEnforced)).toEqual([false, false]);
    expect(off.triggers).toEqual([]);
  });

  it('should give a check’s condition with the columns it mentions', () => {
    expect(table('"Wei rd"."Order"').checks).toEqual([
      { name: 'ch eck', sql: '((n > (0)::numeric) AND (i2 <> 3))', columns: ['n', 'i2'], isValidated: true },
      { name: 'later', sql: '(i2 > 0)', columns: ['i2'], isValidated: false },
    ]);
  });

  it('should list exclusion constraints with the columns of their expressions', () => {
    expect(table('"Wei rd"."Order"').exclusions).toEqual([
      { name: 'excl', columns: ['i2', 'tsr'], sql: 'EXCLUDE USING gist (i2 WITH =, tsr WITH &&)' },
      { name: 'excl2', columns: ['id', 'o'], sql: expect.stringContaining('int8range') },
    ]);
  });

  it('should know NULLS NOT DISTINCT and keys without overlaps where the server does', async () => {
    if (database.major < 15) return;
    await using other = await makeDatabase(
      server,
      'CREATE TABLE t (a integer); CREATE UNIQUE INDEX i ON t (a) NULLS NOT DISTINCT',
      database.major < 18
        ? ''
        : 'CREATE TABLE s (r int4range, q int GENERATED ALWAYS AS (lower(r)) VIRTUAL, k int4range, PRIMARY KEY (k, r WITHOUT OVERLAPS), CHECK (false) NOT ENFORCED)',
    );
    const { tables } = await introspectSchema(other.client);
    expect(tables.find(({ name }) => name === 't')?.uniques[0]?.nullsNotDistinct).toBe(true);
    const temporal = tables.find(({ name }) => name === 's');
    expect(temporal?.exclusions.length ?? 1).toBe(1);
    expect(temporal?.checks ?? []).toEqual([]);
    expect(temporal?.columns[1]?.generated ?? 'virtual').toBe('virtual');
  });
});

describe('tables', () => {
  it('should be those where rows live, ordered by key', () => {
    expect(model.tables.map(({ key }) => key)).toEqual([
      '"Wei rd"."Order"',
      'public.child',
      'public.empty_part',
      'public.inh',
      'public.nocol',
      'public.par',
      'public.part',
      'public.ruled',
    ]);
  });

  it('should tell how a partitioned one is divided, and only by partitions that lead somewhere', () => {
    expect(table('public.part').partitioning).toEqual({
      strategy: 'list',
      columns: ['region'],
      bounds: ['DEFAULT', `FOR VALUES IN ('eu', 'uk')`],
    });
    expect(table('public.part').notInsertable).toBeNull();
  });

  it('should say why nothing can be inserted', () => {
    expect(table('public.empty_part').notInsertable).toBe('it is partitioned and has no partition');
    expect(table('public.ruled').notInsertable).toBe('the rule no does something else instead of inserting');
  });

  it('should name the enabled triggers only', () => {
    expect(table('public.child').triggers).toEqual(['tg']);
  });

  it('should list the rows that are there as exact text in an order of their own', () => {
    expect(table('public.child').existing).toEqual([
      [null, null, null, '1', '5'],
      [null, null, null, '2', '1'],
    ]);
    expect(table('public.nocol').existing).toEqual([]);
  });

  it('should count the rows of children by inheritance once', () => {
    expect(table('public.par').existing).toEqual([['1']]);
    expect(table('public.inh').existing).toEqual([['2', 'x']]);
    expect(table('public.part').existing).toEqual([['1', 'eu', '2020-02-03']]);
  });

  it('should list at most 200 rows', async () => {
    await using other = await makeDatabase(
      server,
      'CREATE TABLE t (a integer); INSERT INTO t SELECT generate_series(1, 300)',
    );
    const { tables } = await introspectSchema(other.client);
    expect(tables[0]?.existing).toHaveLength(200);
  });

  it('should write values exactly whatever the session and the database prefer', async () => {
    await using other = await makeDatabase(
      server,
      `CREATE TABLE t (at timestamptz, f float8, b bytea, c char(4)); INSERT INTO t VALUES ('2020-01-02 03:04:05.123456+02', 0.1::float8 + 0.2, '\\x00ff', 'a')`,
      `SET TimeZone = 'Asia/Kolkata'; SET extra_float_digits = 0; SET bytea_output = 'escape'; SET DateStyle = 'German'`,
    );
    const { tables } = await introspectSchema(other.client);
    expect(tables[0]?.existing).toEqual([['2020-01-02 01:04:05.123456+00', '0.30000000000000004', '\\x00ff', 'a   ']]);
  });

  it('should be none in an empty database', async () => {
    await using other = await makeDatabase(server);
    expect((await introspectSchema(other.client)).tables).toEqual([]);
  });
});
