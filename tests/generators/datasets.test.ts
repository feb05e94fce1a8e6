/** Whole-dataset generators: what they give is in the rows, what they leave out is filled, and what is left after a reduction is legal. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatasetConfig } from '../../generators/datasets/dataset-generator.ts';
import { createDatasetSource } from '../../generators/dataset-source.ts';
import type { Dataset } from '../../harness/core/dataset.ts';
import type { Cluster } from '../../harness/core/dialect.ts';
import type { SchemaModel } from '../../harness/core/schema.ts';
import { openDialect } from './support.ts';

const SQL = `
  CREATE TABLE owners (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE orders (
    id INTEGER PRIMARY KEY, owner INTEGER NOT NULL REFERENCES owners (id), total INTEGER NOT NULL CHECK (total >= 0),
    state TEXT NOT NULL CHECK (state IN ('new', 'paid')), note TEXT
  );
  CREATE TABLE lines (
    order_id INTEGER NOT NULL REFERENCES orders (id), position INTEGER NOT NULL, amount INTEGER NOT NULL, PRIMARY KEY (order_id, position)
  );
  CREATE TABLE shipments (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (id));`;

const ORDERS: DatasetConfig = {
  id: 'orders',
  rows: fc
    .array(fc.array(fc.bigInt({ min: 1n, max: 2n ** 60n }), { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 3,
    })
    .map((orders) => ({
      orders: orders.map((_amounts, at) => ({ id: BigInt(at + 1), total: 0n, later: 'x' })),
      lines: orders.flatMap((amounts, at) =>
        amounts.map((amount, position) => ({ order_id: BigInt(at + 1), position: BigInt(position), amount })),
      ),
      refunds: [{ id: 1n }],
    })),
  derive: ({ orders = [], lines = [], ...others }) => ({
    ...others,
    lines,
    orders: orders.map((order) => ({
      ...order,
      total: lines
        .filter((line) => String(line['order_id']) === String(order['id']))
        .reduce((sum, line) => sum + BigInt(String(line['amount'])), 0n),
    })),
  }),
};

let cluster: Cluster;
let close: () => Promise<void>;
let model: SchemaModel;

beforeAll(async () => {
  ({ cluster, close } = await openDialect('sqlite'));
  await using database = await cluster.create();
  await database.run(SQL);
  model = await database.introspect();
});

afterAll(() => close());

function table(dataset: Dataset, key: string) {
  const found = dataset.tables.find((entry) => entry.table === key);
  return (found?.rows ?? []).map((row) =>
    Object.fromEntries((found?.columns ?? []).map((name, at) => [name, row[at]])),
  );
}

function request(index: number, focus: readonly string[] | null = null) {
  return { model, seed: 11, index, focus, literals: [] };
}

describe('datasets', () => {
  it('should give the named rows, fill the rest legally, and refer to what was given', async () => {
    const source = await createDatasetSource({ datasets: [ORDERS] });
    let shipments = 0;
    for (let index = 0; index < 40; index++) {
      await using database = await cluster.create();
      await database.run(SQL);
      const dataset = source.generate(request(index));
      const { refused } = await database.load(dataset, model);
      expect(refused).toEqual([]);
      const orders = table(dataset, 'orders');
      expect(orders.length).toBeGreaterThan(0);
      for (const order of orders) {
        const lines = table(dataset, 'lines').filter((line) => line['order_id'] === order['id']);
        expect(lines.length).toBeGreaterThan(0);
        expect(order['total']).toBe(lines.reduce((sum, { amount }) => sum + BigInt(String(amount)), 0n).toString());
        expect(["'new'", "'paid'"]).toContain(order['state']);
      }
      const ids = orders.map(({ id }) => id);
      const sent = table(dataset, 'shipments');
      shipments += sent.length;
      expect(sent.filter((shipment) => !ids.includes(shipment['order_id'] ?? null))).toEqual([]);
    }
    expect(shipments).toBeGreaterThan(20);
  });

  it('should give the same rows for the same seed, and keep their table in a case that looks elsewhere', async () => {
    const [first, second] = [
      await createDatasetSource({ datasets: [ORDERS] }),
      await createDatasetSource({ datasets: [ORDERS] }),
    ];
    for (let index = 0; index < 10; index++)
      expect(first.generate(request(index))).toEqual(second.generate(request(index)));
    const dataset = first.generate(request(3, ['owners']));
    expect(table(dataset, 'lines').length).toBeGreaterThan(0);
    expect(table(dataset, 'owners').length).toBeGreaterThan(0);
  });

  it('should leave out what the schema does not have, and say so', async () => {
    const source = await createDatasetSource({ datasets: [ORDERS] });
    const dataset = source.generate(request(0));
    expect(dataset.tables.map((entry) => entry.table)).not.toContain('refunds');
    expect(dataset.tables.flatMap(({ columns }) => columns)).not.toContain('later');
    expect(source.unknownNames().toSorted()).toEqual(['orders.later', 'refunds']);
  });

  it('should leave a table empty that it names without rows, and say nothing where it returns null', async () => {
    const none = await createDatasetSource({ datasets: [{ id: 'none', rows: fc.constant({ owners: [] }) }] });
    const silent = await createDatasetSource({ datasets: [{ id: 'silent', rows: () => null }] });
    for (let index = 0; index < 8; index++) {
      expect(none.generate(request(index)).tables).toEqual([]);
      expect(table(silent.generate(request(index)), 'owners').length > 0 || index === 7).toBe(true);
    }
  });

  it('should work out again what follows, from the rows that are left', async () => {
    const source = await createDatasetSource({ datasets: [ORDERS] });
    const dataset = source.generate(request(5));
    expect(source.settle(model, dataset)).toEqual(dataset);
    const without = {
      tables: dataset.tables.map((entry) =>
        entry.table === 'lines' ? { ...entry, rows: entry.rows.slice(1) } : entry,
      ),
    };
    const settled = source.settle(model, without);
    const [removed] = table(dataset, 'lines');
    const before = table(dataset, 'orders').find(({ id }) => id === removed?.['order_id']);
    const after = table(settled, 'orders').find(({ id }) => id === removed?.['order_id']);
    expect(BigInt(String(before?.['total'])) - BigInt(String(after?.['total']))).toBe(
      BigInt(String(removed?.['amount'])),
    );
    expect(table(settled, 'shipments')).toEqual(table(dataset, 'shipments'));
  });

  it.each<[string, readonly unknown[], string, RegExp]>([
    ['no rows by table', [{ id: 'bad', rows: fc.constant(7) }], 'dataset-invalid', /"bad" gives no object of tables/],
    [
      'no list of rows',
      [{ id: 'bad', rows: fc.constant({ orders: 1 }) }],
      'dataset-invalid',
      /gives orders no list of rows/,
    ],
    [
      'a row that is no object',
      [{ id: 'bad', rows: fc.constant({ orders: [1] }) }],
      'dataset-invalid',
      /a row of orders that is no object/,
    ],
    [
      'two for one table',
      [ORDERS, { id: 'other', rows: fc.constant({ lines: [] }) }],
      'dataset-invalid',
      /"other" names lines, as "orders" does/,
    ],
    [
      'a function that throws',
      [
        {
          id: 'bad',
          rows: () => {
            throw new Error('oh');
          },
        },
      ],
      'dataset-invalid',
      /"rows" that throws: oh/,
    ],
    [
      'a derive that throws',
      [
        {
          ...ORDERS,
          derive: () => {
            throw new Error('oh');
          },
        },
      ],
      'dataset-invalid',
      /"derive" that throws: oh/,
    ],
    [
      'a number with decimals',
      [{ id: 'bad', rows: fc.constant({ orders: [{ total: 1.5 }] }) }],
      'generator-value',
      /orders\.total gave the number 1\.5/,
    ],
    ['a Date', [{ id: 'bad', rows: fc.constant({ orders: [{ note: new Date(0) }] }) }], 'generator-value', /a Date/],
  ])('should refuse %s', async (_what, datasets, code, message) => {
    const source = await createDatasetSource({ datasets: datasets as readonly DatasetConfig[] });
    expect(() => source.generate(request(1))).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});
