import { expect, it } from 'vitest';
import { makeCoverageTally } from '../../harness/campaign/coverage.ts';
import { describeObligation } from '../../harness/core/certificate.ts';
import type { Column, ColumnType, SchemaModel, Table } from '../../harness/core/schema.ts';
import type { Trace } from '../../harness/core/trace.ts';
import { makeColumn, makeTable } from '../core/make-schema.ts';

function column(name: string, type: ColumnType, isNullable = false): Column {
  return makeColumn(name, type, { isNullable });
}

function table(key: string, columns: readonly Column[], more: Partial<Table> = {}): Table {
  return makeTable(key, columns, { key, ...more });
}

const INTEGER: ColumnType = { kind: 'integer', min: '-2147483648', max: '2147483647' };
const MODEL: SchemaModel = {
  dialect: 'postgres',
  tables: [
    table(
      'lots',
      [
        column('id', INTEGER),
        column('price', { kind: 'numeric', precision: 4, scale: 2, hasNaN: true, hasInfinity: false }),
        column('at', { kind: 'timestamp', withZone: true, precision: 6 }, true),
        column('code', { kind: 'text', maxLength: 3, fixed: false, caseInsensitive: false }),
        column('rank', INTEGER),
      ],
      { checks: [{ name: 'rank_positive', sql: 'rank > 0', columns: ['rank'], isValidated: true }] },
    ),
    table('sales', [column('lot', INTEGER, true)], {
      foreignKeys: [
        {
          name: 'sales_lot',
          columns: ['lot'],
          refTable: 'lots',
          refColumns: ['id'],
          match: 'simple',
          isDeferrable: false,
          onDelete: 'NO ACTION',
          onUpdate: 'NO ACTION',
          isEnforced: true,
        },
      ],
    }),
  ],
};

it('should ask of columns what their types and keys admit, and say by name what the rows did not come by', () => {
  const tally = makeCoverageTally();
  tally.record('s', MODEL, { tables: [] }, []);
  const none = tally.of('s');
  expect(none.met).toBe(0);
  expect(none.obligations.map(describeObligation)).toEqual([
    'lots.at: NULL',
    'lots.at: finer than a millisecond',
    'lots.code: the longest text',
    'lots.id: the greatest value',
    'lots.id: the least value',
    'lots.price: the greatest value',
    'lots.price: the least value',
    'sales.lot: NULL',
    'sales.lot: a row with a parent',
  ]);
  const columns = ['id', 'price', 'at', 'code'];
  tally.record(
    's',
    MODEL,
    { tables: [{ table: 'lots', columns, rows: [['2147483647', '-99.99', '2024-01-01 00:00:00.120+00', 'ab𝒌']] }] },
    [],
  );
  tally.record('s', MODEL, { tables: [{ table: 'sales', columns: ['lot'], rows: [[null], ['2147483647']] }] }, []);
  const some = tally.of('s');
  expect(some.obligations.filter(({ isMet }) => !isMet).map(describeObligation)).toEqual([
    'lots.at: NULL',
    'lots.at: finer than a millisecond',
    'lots.id: the least value',
    'lots.price: the greatest value',
  ]);
  expect(some.met).toBe(5);
  tally.record(
    's',
    MODEL,
    { tables: [{ table: 'lots', columns: ['at'], rows: [['2024-01-01 00:00:00.1205+00']] }] },
    [],
  );
  expect(tally.of('s').met).toBe(6);
  // Sets do not share what they came by.
  expect(tally.of('another')).toEqual({ met: 0, obligations: [] });
});

it('should take a constraint as exercised where a row that breaks it was tried, whatever came of it', () => {
  const tally = makeCoverageTally();
  const probe = { at: 'after-up', table: 'lots', part: 'refusal', sql: null, instead: null } as const;
  const probes = [
    { ...probe, constraint: 'check rank_positive of lots', outcome: 'works' },
    { ...probe, constraint: 'unique lots_code of lots', outcome: 'unknown' },
  ];
  tally.record('s', { dialect: 'postgres', tables: [] }, { tables: [] }, [
    { evidence: { kind: 'probes', probes } } as unknown as Trace,
  ]);
  expect(tally.of('s').obligations.map((each) => [describeObligation(each), each.isMet])).toEqual([
    ['check rank_positive of lots refuses a row that breaks it', true],
    ['unique lots_code of lots refuses a row that breaks it', false],
  ]);
});
