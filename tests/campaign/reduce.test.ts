import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reduceDataset, type ReductionRequest } from '../../harness/campaign/reduce.ts';
import type { Cell, Dataset, Row } from '../../harness/core/dataset.ts';

/** Parents and children; a child whose parent is gone is refused, as a foreign key would. */
function settle(dataset: Dataset): Dataset {
  const parents = new Set(rowsOf(dataset, 'parent').map(([id]) => id));
  return {
    tables: dataset.tables.map((entry) =>
      entry.table === 'child'
        ? { ...entry, rows: entry.rows.filter(([, parent]) => parent === null || parents.has(parent ?? null)) }
        : entry,
    ),
  };
}

function rowsOf(dataset: Dataset, table: string): readonly Row[] {
  return dataset.tables.find((entry) => entry.table === table)?.rows ?? [];
}

function makeDataset(parents: readonly Row[], children: readonly Row[]): Dataset {
  return {
    tables: [
      { table: 'parent', columns: ['id', 'name'], rows: parents },
      { table: 'child', columns: ['id', 'parent', 'amount'], rows: children },
    ],
  };
}

function reduce(dataset: Dataset, fails: (candidate: Dataset) => boolean, over: Partial<ReductionRequest> = {}) {
  return reduceDataset({
    dataset,
    attempt: (candidate) => {
      const settled = settle(candidate);
      return Promise.resolve(fails(settled) ? settled : null);
    },
    simplerCells: (_table, column, current): readonly Cell[] =>
      column === 'amount' ? ['0', '1', current?.slice(0, -1) ?? null] : column === 'name' ? [null, 'a'] : [],
    isFixed: (_table, column) => column === 'id' || column === 'parent',
    maxAttempts: 400,
    ...over,
  });
}

const rows = fc.array(fc.tuple(fc.nat(99).map(String), fc.string()), { minLength: 1, maxLength: 20 });

describe('reduceDataset', () => {
  it('should end with no rows where none are needed', async () => {
    const { dataset, attempts } = await reduce(makeDataset([['1', 'x']], [['1', '1', '5']]), () => true);
    expect(dataset.tables).toEqual([]);
    expect(attempts).toBe(1);
  });

  it('should keep the one child that fails, its parent, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.nat(), async (drawn, pick) => {
        const parents: Row[] = drawn.map(([, name], at) => [`p${at}`, name]);
        const children: Row[] = drawn.map(([amount], at) => [`c${at}`, `p${at}`, amount]);
        const culprit = `c${pick % children.length}`;
        const { dataset } = await reduce(makeDataset(parents, children), (candidate) =>
          rowsOf(candidate, 'child').some(([id]) => id === culprit),
        );
        expect(rowsOf(dataset, 'child').map(([id]) => id)).toEqual([culprit]);
        expect(rowsOf(dataset, 'parent').map(([id]) => id)).toEqual([culprit.replace('c', 'p')]);
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  it('should keep two rows where the failure needs a pair', async () => {
    const parents: Row[] = Array.from({ length: 16 }, (_, at) => [`p${at}`, at % 8 === 3 ? 'same' : `n${at}`]);
    const isDuplicated = (candidate: Dataset): boolean =>
      rowsOf(candidate, 'parent').filter(([, name]) => name === 'same').length === 2;
    const { dataset } = await reduce(makeDataset(parents, []), isDuplicated);
    expect(rowsOf(dataset, 'parent')).toEqual([
      ['p3', 'same'],
      ['p11', 'same'],
    ]);
  });

  it('should simplify every cell that does not matter, and leave the one that does', async () => {
    const { dataset } = await reduce(makeDataset([['p', 'long name']], [['c', 'p', '1234567']]), (candidate) =>
      rowsOf(candidate, 'child').some(([, , amount]) => (amount ?? '').length > 2),
    );
    expect(rowsOf(dataset, 'parent')).toEqual([['p', null]]);
    expect(rowsOf(dataset, 'child')).toEqual([['c', 'p', '123']]);
  });

  it('should stop at its bound and still return a failing dataset', async () => {
    const parents: Row[] = Array.from({ length: 50 }, (_, at) => [`p${at}`, 'x']);
    const needsAll = (candidate: Dataset): boolean => rowsOf(candidate, 'parent').length === 50;
    const { dataset, attempts } = await reduce(makeDataset(parents, []), needsAll, { maxAttempts: 5 });
    expect(attempts).toBe(5);
    expect(rowsOf(dataset, 'parent')).toHaveLength(50);
  });
});
