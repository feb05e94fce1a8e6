import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arbitraryFrom, sampleOnce, type Draw } from '../../generators/draw.ts';
import { quoteText } from '../../generators/values/storage.ts';
import { scaleOf } from '../../generators/values/scale.ts';
import { valueArbitraries } from '../../generators/values/value.ts';
import type { Database } from '../../harness/core/dialect.ts';
import type { ColumnType } from '../../harness/core/schema.ts';
import { openDialect } from './support.ts';

const text: ColumnType = { kind: 'text', maxLength: null, fixed: false, caseInsensitive: false };
const int4: ColumnType = { kind: 'integer', min: '-2147483648', max: '2147483647' };
const int8: ColumnType = { kind: 'integer', min: '-9223372036854775808', max: '9223372036854775807' };
const numeric = (precision: number | null, scale: number | null): ColumnType => ({
  kind: 'numeric',
  precision,
  scale,
  hasNaN: true,
  hasInfinity: precision === null,
});

/** Every kind of column type, with the SQL type whose input it must be. */
const TYPES: readonly (readonly [string, ColumnType])[] = [
  ['smallint', { kind: 'integer', min: '-32768', max: '32767' }],
  ['integer', int4],
  ['bigint', int8],
  ['numeric', numeric(null, null)],
  ['numeric(12,4)', numeric(12, 4)],
  ['numeric(28,8)', numeric(28, 8)],
  ['numeric(5,0)', numeric(5, 0)],
  ['numeric(3,5)', numeric(3, 5)],
  ['numeric(5,-2)', numeric(5, -2)],
  ['numeric(1,1)', numeric(1, 1)],
  ['real', { kind: 'float', bits: 32 }],
  ['double precision', { kind: 'float', bits: 64 }],
  ['money', { kind: 'money' }],
  ['text', text],
  ['varchar(7)', { kind: 'text', maxLength: 7, fixed: false, caseInsensitive: false }],
  ['char(3)', { kind: 'text', maxLength: 3, fixed: true, caseInsensitive: false }],
  ['boolean', { kind: 'boolean' }],
  ['bytea', { kind: 'bytes' }],
  ['date', { kind: 'date' }],
  ['time', { kind: 'time', withZone: false, precision: 6 }],
  ['timetz', { kind: 'time', withZone: true, precision: 6 }],
  ['time(0)', { kind: 'time', withZone: false, precision: 0 }],
  ['timestamp', { kind: 'timestamp', withZone: false, precision: 6 }],
  ['timestamptz', { kind: 'timestamp', withZone: true, precision: 6 }],
  ['timestamp(3)', { kind: 'timestamp', withZone: false, precision: 3 }],
  ['timestamptz(0)', { kind: 'timestamp', withZone: true, precision: 0 }],
  ['interval', { kind: 'interval', precision: 6 }],
  ['interval(0)', { kind: 'interval', precision: 0 }],
  ['uuid', { kind: 'uuid' }],
  ['json', { kind: 'json', binary: false }],
  ['jsonb', { kind: 'json', binary: true }],
  ['mood', { kind: 'enum', name: 'mood', labels: ['sad', "o'k", 'very "happy"'] }],
  ['text[]', { kind: 'array', element: text }],
  ['timestamptz[]', { kind: 'array', element: { kind: 'timestamp', withZone: true, precision: 6 } }],
  ['mood[]', { kind: 'array', element: { kind: 'enum', name: 'mood', labels: ['sad', "o'k", 'very "happy"'] } }],
  ['jsonb[]', { kind: 'array', element: { kind: 'json', binary: true } }],
  ['int4range', { kind: 'range', element: int4, isMulti: false, isDiscrete: true }],
  ['numrange', { kind: 'range', element: numeric(null, null), isMulti: false, isDiscrete: false }],
  ['tstzrange', { kind: 'range', element: { kind: 'timestamp', withZone: true, precision: 6 }, isMulti: false, isDiscrete: false }],
  ['daterange', { kind: 'range', element: { kind: 'date' }, isMulti: false, isDiscrete: true }],
  ['int8multirange', { kind: 'range', element: int8, isMulti: true, isDiscrete: true }],
  ['pair', { kind: 'composite', name: 'pair', fields: [{ name: 'a', type: int4 }, { name: 'b', type: text }, { name: 'c', type: { kind: 'array', element: text } }] }],
  ['pair[]', { kind: 'array', element: { kind: 'composite', name: 'pair', fields: [{ name: 'a', type: int4 }, { name: 'b', type: text }, { name: 'c', type: { kind: 'array', element: text } }] } }],
  ['inet', { kind: 'network', which: 'inet' }],
  ['cidr', { kind: 'network', which: 'cidr' }],
  ['macaddr', { kind: 'network', which: 'macaddr' }],
  ['macaddr8', { kind: 'network', which: 'macaddr8' }],
  ['bit(5)', { kind: 'bits', length: 5, isVarying: false }],
  ['bit varying(4)', { kind: 'bits', length: 4, isVarying: true }],
  ['bit varying', { kind: 'bits', length: null, isVarying: true }],
  ['point', { kind: 'geometric', which: 'point' }],
  ['line', { kind: 'geometric', which: 'line' }],
  ['lseg', { kind: 'geometric', which: 'lseg' }],
  ['box', { kind: 'geometric', which: 'box' }],
  ['path', { kind: 'geometric', which: 'path' }],
  ['polygon', { kind: 'geometric', which: 'polygon' }],
  ['circle', { kind: 'geometric', which: 'circle' }],
  ['tsvector', { kind: 'textSearch', which: 'tsvector' }],
  ['tsquery', { kind: 'textSearch', which: 'tsquery' }],
  ['hstore', { kind: 'hstore' }],
  ['ltree', { kind: 'ltree' }],
  ['citext', { kind: 'text', maxLength: null, fixed: false, caseInsensitive: true }],
]; // prettier-ignore

/** Texts of each sort for a type. */
function textsFor(type: ColumnType, count: number): string[] {
  const values = valueArbitraries(type)!;
  const drawn = sampleOnce(
    arbitraryFrom((draw: Draw) =>
      Array.from({ length: count }, () => [draw.from(values.edges), draw.from(values.plain)]).flat(),
    ),
    20_240_229,
  );
  return [...new Set([...values.simplest, ...drawn])];
}

describe('values of PostgreSQL types', () => {
  let database: Database;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const opened = await openDialect('postgres');
    database = await opened.cluster.create();
    close = async () => {
      await database[Symbol.asyncDispose]();
      await opened.close();
    };
    await database.run(`CREATE TYPE mood AS ENUM ('sad', 'o''k', 'very "happy"'); CREATE TYPE pair AS (a int, b text, c text[]);
      CREATE EXTENSION hstore; CREATE EXTENSION ltree; CREATE EXTENSION citext;`);
  });
  afterAll(() => close());

  it.each(TYPES)('should be accepted by %s', async (sqlType, type) => {
    const texts = textsFor(type, 150);
    const rows = texts.map((value) => `(${quoteText(value)}::${sqlType})`).join(', ');
    const result = await database.query(`SELECT v::text FROM (VALUES ${rows}) AS t (v)`, 10_000, 30_000);
    expect(result.status === 'failed' ? result.fault.message : null).toBeNull();
    expect(result.status === 'rows' && result.rowCount).toBe(texts.length);
  });

  it.each(TYPES.filter(([, type]) => scaleOf(type) !== null && type.kind !== 'float'))(
    'should keep the order of %s on its scale',
    async (sqlType, type) => {
      const scale = scaleOf(type)!;
      const { min, max, usual, step } = scale;
      const positions = [
        min,
        min + 1n,
        usual.min,
        usual.min + step,
        (usual.min + usual.max) / 2n,
        usual.max,
        max - 1n,
        max,
      ];
      const ordered = [...new Set(positions)].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      const literals = ordered.map((position) => `${quoteText(scale.format(position))}::${sqlType}`);
      for (const position of ordered) expect(scale.parse(scale.format(position), 'down')).toBe(position);
      const comparisons = literals.slice(1).map((literal, at) => `${literals[at]} < ${literal}`);
      const result = await database.query(`SELECT ${comparisons.join(' AND ')}`, 1, 10_000);
      expect(result.status === 'rows' ? result.rows : result.fault).toEqual([['t']]);
    },
  );

  it('should print timestamps exactly as PostgreSQL does', async () => {
    const type: ColumnType = { kind: 'timestamp', withZone: true, precision: 6 };
    const texts = textsFor(type, 200);
    const rows = texts.map((value) => `(${quoteText(value)})`).join(', ');
    const result = await database.query(
      `SELECT v, v::timestamptz::text FROM (VALUES ${rows}) AS t (v)`,
      10_000,
      30_000,
    );
    if (result.status === 'failed') throw new Error(result.fault.message);
    expect(result.rows.filter(([given, printed]) => given !== printed)).toEqual([]);
  });
});
