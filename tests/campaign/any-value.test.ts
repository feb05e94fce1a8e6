/** Which cells matter, where it is known which ones do. */
import { expect, it } from 'vitest';
import { findAnyValues } from '../../harness/campaign/any-value.ts';
import type { Cell, Dataset } from '../../harness/core/dataset.ts';

const dataset: Dataset = {
  tables: [
    { table: 'p', columns: ['id', 'a', 'b'], rows: [['1', '0', '0']] },
    { table: 'c', columns: ['id', 'p_id', 'd'], rows: [['1', '1', '0'], ['2', '1', '0']] }, // prettier-ignore
  ],
};

/** Describes a failure that stays as long as these cells hold what they hold now. */
async function find(matters: (table: string, row: number, column: string) => boolean, maxAttempts = 100) {
  let attempts = 0;
  const found = await findAnyValues({
    dataset,
    maxAttempts,
    isFixed: (table, column) => table === 'c' && column === 'p_id',
    legalCells: (_table, column): readonly Cell[] => (column === 'b' ? ['0'] : ['0', '7', '8', '9']),
    tellingCells: () => [],
    settle: (candidate) => candidate,
    attempt: (candidate) => {
      attempts++;
      const isKept = candidate.tables.every(({ table, columns, rows }, at) =>
        rows.every((row, number) =>
          row.every(
            (cell, position) =>
              cell === dataset.tables[at]!.rows[number]![position] || !matters(table, number, columns[position]!),
          ),
        ),
      );
      return Promise.resolve(isKept ? candidate : null);
    },
  });
  return { found, attempts };
}

it('should name every cell that may hold another value, and no other', async () => {
  const { found } = await find((table, row, column) => table === 'c' && row === 1 && column === 'd');
  expect(found).toEqual([
    { table: 'p', row: 0, columns: ['id', 'a'] },
    { table: 'c', row: 0, columns: ['id', 'd'] },
    { table: 'c', row: 1, columns: ['id'] },
  ]);
});

it('should spend two runs where nothing matters, and name nothing where everything does', async () => {
  expect((await find(() => false)).attempts).toBe(2);
  expect((await find(() => true)).found).toEqual([]);
});

it('should call nothing free that it had no run left to try', async () => {
  const { found, attempts } = await find((table, row) => table === 'c' && row === 1, 2);
  expect({ found: found.length, attempts }).toEqual({ found: 0, attempts: 2 });
});

it('should not call a cell free that one telling value makes matter, though others do not', async () => {
  const swapped: Dataset = {
    tables: [{ table: 'people', columns: ['first', 'last', 'age'], rows: [['', null, '3']] }],
  };
  const found = await findAnyValues({
    dataset: swapped,
    maxAttempts: 40,
    isFixed: () => false,
    legalCells: () => ['x', 'y', 'z'],
    // What is compared here are two names that a script swaps: it shows as long as they differ.
    tellingCells: (_table, _row, column) => (column === 'age' ? ['x'] : ['', null]),
    settle: (candidate) => candidate,
    attempt: (candidate) => {
      const [row] = candidate.tables[0]!.rows;
      return Promise.resolve(row![0] === row![1] ? null : candidate);
    },
  });
  expect(found).toEqual([{ table: 'people', row: 0, columns: ['age'] }]);
});
