import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cell } from '../../harness/core/dataset.ts';
import { cellsOf, loadCases, openDialect, type LoadSummary } from './support.ts';

const CASES = 200;

/** What must have been seen in a column over all cases. */
type Obligation = readonly [column: string, what: string, seen: (cell: string) => boolean];

describe('edges on PostgreSQL over 200 cases', () => {
  let summary: LoadSummary;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const opened = await openDialect('postgres');
    close = opened.close;
    summary = await loadCases(
      opened.cluster,
      `CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
       CREATE TABLE edges (
         id bigint PRIMARY KEY, small smallint, big bigint NOT NULL, exact numeric(28, 8), free numeric, ratio double precision, at timestamptz NOT NULL, local timestamp, day date,
         name text NOT NULL, code varchar(5), flag boolean, feeling mood, doc jsonb, labels text[], span int4range, raw bytea, percent integer CHECK (percent BETWEEN 3 AND 97), email text, price numeric(10, 2) CHECK (price > 0.05)
       );
       CREATE TABLE children (id integer PRIMARY KEY, edge_id bigint REFERENCES edges);`,
      CASES,
    );
  });
  afterAll(() => close());

  const edges = (column: string): Cell[] =>
    cellsOf(
      summary.loaded,
      summary.model.tables.find(({ name }) => name === 'edges')!,
      column,
    );

  it('should have every row accepted', () => {
    expect(summary.refused.map(({ fault }) => fault.message)).toEqual([]);
  });

  it('should have NULL, and something else, in every column that may be NULL', () => {
    for (const table of summary.model.tables) {
      for (const column of table.columns.filter(({ isNullable }) => isNullable)) {
        const cells = cellsOf(summary.loaded, table, column.name);
        expect([column.name, cells.includes(null), cells.some((cell) => cell !== null)]).toEqual([
          column.name,
          true,
          true,
        ]);
      }
    }
  });

  it('should have cases without NULL, cases with nothing but NULL where it may be, and cases with an empty table', () => {
    const table = summary.model.tables.find(({ name }) => name === 'edges')!;
    const optional = table.columns.filter(({ isNullable }) => isNullable).map(({ name }) => name);
    const kinds = summary.datasets.map((dataset) => {
      const cells = optional.flatMap((column) => cellsOf([dataset], table, column));
      return cells.length === 0
        ? 'empty'
        : cells.every((cell) => cell === null)
          ? 'all'
          : cells.includes(null)
            ? 'some'
            : 'none';
    });
    expect([...new Set(kinds)].toSorted()).toEqual(['all', 'empty', 'none', 'some']);
  });

  it('should have the same value twice in a table, in every column that is no key', () => {
    const table = summary.model.tables.find(({ name }) => name === 'edges')!;
    for (const column of table.columns.filter(({ name }) => name !== 'id')) {
      const repeats = summary.loaded.some((dataset) => {
        const cells = cellsOf([dataset], table, column.name).filter((cell) => cell !== null);
        return new Set(cells).size < cells.length;
      });
      expect([column.name, repeats]).toEqual([column.name, true]);
    }
  });

  it.each<Obligation>([
    ['id', 'beyond 2^53', (cell) => BigInt(cell) > 9_007_199_254_740_992n],
    ['big', 'beyond 2^53', (cell) => BigInt(cell) > 9_007_199_254_740_992n],
    ['big', 'the greatest', (cell) => cell === '9223372036854775807'],
    ['big', 'the least', (cell) => cell === '-9223372036854775808'],
    ['small', 'the greatest', (cell) => cell === '32767'],
    ['exact', 'full precision', (cell) => cell === '99999999999999999999.99999999'],
    ['exact', 'the smallest step', (cell) => cell === '0.00000001'],
    ['exact', 'NaN', (cell) => cell === 'NaN'],
    ['free', 'infinity', (cell) => cell === 'Infinity'],
    ['free', 'thirty digits', (cell) => cell.replace(/\D/g, '').length >= 30],
    ['ratio', 'a sum that is not exact', (cell) => cell === '0.30000000000000004'],
    ['at', 'microseconds', (cell) => /\.\d{5}[1-9]/.test(cell)],
    ['at', 'the epoch', (cell) => cell.startsWith('1970-01-01 00:00:00')],
    ['at', 'BC', (cell) => cell.endsWith('BC')],
    ['at', 'infinity', (cell) => cell === 'infinity'],
    [
      'at',
      'a fold of daylight saving',
      (cell) => cell.startsWith('2024-11-03 01:30') || cell.startsWith('2024-11-03 05:59'),
    ],
    [
      'local',
      'a gap of daylight saving',
      (cell) => cell.startsWith('2024-03-10 02:30') || cell.startsWith('2024-03-31 02:30'),
    ],
    ['day', 'a leap day', (cell) => cell === '2024-02-29'],
    ['name', 'the empty string', (cell) => cell === ''],
    ['name', 'a long string', (cell) => cell.length > 200],
    ['name', 'a quote', (cell) => cell.includes("'")],
    ['name', 'a backslash', (cell) => cell.includes('\\')],
    ['name', 'a line break', (cell) => cell.includes('\n')],
    ['name', 'a combining character', (cell) => /\p{M}/u.test(cell)],
    ['name', 'an astral character', (cell) => /[\u{10000}-\u{10FFFF}]/u.test(cell)],
    ['name', 'a trailing blank', (cell) => cell.endsWith(' ')],
    ['name', 'a human name', (cell) => /^[A-Z][a-z]+ [A-Z][a-z]+/.test(cell)],
    ['email', 'a human address', (cell) => /^[\w.]+@[\w.]+$/.test(cell)],
    ['code', 'the full length', (cell) => Array.from(cell).length === 5],
    ['feeling', 'the first label', (cell) => cell === 'sad'],
    ['feeling', 'the last label', (cell) => cell === 'happy'],
    ['flag', 'true', (cell) => cell === 't'],
    ['flag', 'false', (cell) => cell === 'f'],
    ['doc', 'JSON null, which is not NULL', (cell) => cell === 'null'],
    ['doc', 'a number that no double holds', (cell) => cell.includes('12345678901234567890')],
    ['labels', 'an empty array', (cell) => cell === '{}'],
    ['labels', 'a NULL element', (cell) => cell.includes('NULL')],
    ['span', 'an empty range', (cell) => cell === 'empty'],
    ['span', 'no bounds', (cell) => cell === '(,)'],
    ['raw', 'bytes that are no text', (cell) => cell === '\\xff'],
    ['percent', 'the lower bound of its check', (cell) => cell === '3'],
    ['percent', 'the upper bound of its check', (cell) => cell === '97'],
    ['price', 'the least that its check allows', (cell) => cell === '0.06'],
  ])('should have in %s: %s', (column, _what, seen) => {
    expect(edges(column).some((cell) => cell !== null && seen(cell))).toBe(true);
  });

  it('should look human in about half of the cells', () => {
    const emails = edges('email').filter((cell) => cell !== null);
    const human = emails.filter((cell) => cell.includes('@')).length / emails.length;
    expect(human).toBeGreaterThan(0.35);
    expect(human).toBeLessThan(0.75);
  });
});
