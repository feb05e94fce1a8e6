/** What the columns of new rows are made of, for tables that are hard to fill. */
import { expect, test } from 'vitest';
import { createDatasetSource } from '../../generators/dataset-source.ts';
import { planPopulation } from '../../harness/core/population.ts';
import type { ColumnType, SchemaModel, Table } from '../../harness/core/schema.ts';
import { makeColumn, makeTable } from '../core/make-schema.ts';

const TEXT: ColumnType = { kind: 'text', maxLength: null, fixed: false, caseInsensitive: false };
const INTEGER: ColumnType = { kind: 'integer', min: '-2147483648', max: '2147483647' };

function unique(...columns: readonly string[]): Table['uniques'][number] {
  const sql = columns.join(', ');
  return { name: sql, columns, hasExpressions: false, sql, predicate: null, nullsNotDistinct: false, isPrimary: true };
}

function refers(name: string, refTable: string): Table['foreignKeys'][number] {
  const actions = { onDelete: 'NO ACTION', onUpdate: 'NO ACTION' };
  const rest = { match: 'simple', isDeferrable: false, isEnforced: true, ...actions } as const;
  return { name, columns: [name], refTable, refColumns: ['id'], ...rest };
}

const users = makeTable('users', [makeColumn('id', INTEGER)], { uniques: [unique('id')] });
const tags = makeTable('tags', [makeColumn('id', INTEGER)], { uniques: [unique('id')] });
const model = (...tables: readonly Table[]): SchemaModel => ({ dialect: 'postgres', tables });

test('should fill parents first, and fewer of them', () => {
  const orders = makeTable('orders', [makeColumn('id', INTEGER), makeColumn('user_id', INTEGER)], {
    uniques: [unique('id')],
    foreignKeys: [refers('user_id', users.key)],
  });
  const plan = planPopulation(model(orders, users), [orders.key], 5_000, () => []);
  expect(plan.map((filling) => [filling.table.key, filling.rows])).toEqual([
    [users.key, 50],
    [orders.key, 5_000],
  ]);
  expect(plan[1]?.columns.map(({ source }) => source.from)).toEqual(['distinct', 'parent']);
});

test('should fill as many parents as children where each has but one child', () => {
  const profiles = makeTable('profiles', [makeColumn('user_id', INTEGER)], {
    uniques: [unique('user_id')],
    foreignKeys: [refers('user_id', users.key)],
  });
  const plan = planPopulation(model(profiles, users), [profiles.key], 5_000, () => []);
  expect(plan.map(({ rows }) => rows)).toEqual([5_000, 5_000]);
});

test('should pair each parent of a key of two with each of the other', () => {
  const tagged = makeTable('tagged', [makeColumn('user_id', INTEGER), makeColumn('tag_id', INTEGER)], {
    uniques: [unique('user_id', 'tag_id')],
    foreignKeys: [refers('user_id', users.key), refers('tag_id', tags.key)],
  });
  const [, , filling] = planPopulation(model(tagged, users, tags), [tagged.key], 2_000, () => []);
  expect(filling?.parents.map(({ after }) => after)).toEqual([[], [0]]);
});

test('should take what a check admits, as the generator knows it', async () => {
  const checks = [
    { name: 'c', sql: "side = ANY (ARRAY['LONG'::text, 'SHORT'::text])", columns: ['side'], isValidated: true },
  ];
  const lots = makeTable('lots', [makeColumn('id', INTEGER), makeColumn('side', TEXT), makeColumn('note', TEXT)], {
    uniques: [unique('id')],
    checks,
  });
  const source = await createDatasetSource({});
  const whole = model(lots);
  const [filling] = planPopulation(whole, [lots.key], 5_000, (of, name) =>
    source.simplerCells(whole, of.key, name, ''),
  );
  expect(filling?.columns.map((each) => each.source)).toEqual([
    { from: 'distinct' },
    { from: 'copy', instead: ['LONG', 'SHORT'] },
    { from: 'varied' },
  ]);
});
