/** The portfolios: laws that every generated state keeps, what occurs in them, and how they shrink. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entities, EntityRow } from '../../generators/portfolios/entities.ts';
import { entitiesOf } from '../../generators/portfolios/investor-rows.ts';
import { investors } from '../../generators/portfolios/investor-state.ts';
import { settleBooks } from '../../generators/portfolios/settle-books.ts';

const clean = { allowsOddities: false };
const books = fc.array(investors(), { minLength: 1, maxLength: 2 }).map((drafts) => entitiesOf(drafts, clean));
const oddBooks = fc
  .array(investors(), { minLength: 1, maxLength: 2 })
  .map((drafts) => entitiesOf(drafts, { allowsOddities: true }));

/** Decimal text of eight places as an exact count of its last place, by a way that shares nothing with the generator. */
function exact(text: unknown): bigint {
  const match = /^(-?)(\d+)\.(\d{8})$/.exec(String(text));
  if (match === null) throw new Error(`${String(text)} is no decimal of eight places`);
  return BigInt(`${match[1]}${match[2]}${match[3]}`);
}

function rowsOf(state: Entities, entity: string): readonly EntityRow[] {
  return state[entity] ?? [];
}

function total(rows: readonly EntityRow[], field: string): bigint {
  return rows.reduce((sum, row) => sum + exact(row[field]), 0n);
}

/** What is wrong with a state, in words. */
function complaints(state: Entities): string[] {
  const of = (entity: string, field: string, id: unknown) => rowsOf(state, entity).filter((row) => row[field] === id);
  const wrong: string[] = [];
  for (const holding of rowsOf(state, 'holding')) {
    const lots = of('lot', 'holding', holding['id']);
    if (lots.length === 0) wrong.push('a holding without lots');
    if (total(lots, 'remaining') !== exact(holding['quantity'])) wrong.push('lots that are not the holding');
    if (exact(holding['quantity']) >= 10n ** 20n) wrong.push('more than numeric(20,8) holds');
  }
  for (const lot of rowsOf(state, 'lot')) {
    const gone = total(of('allocation', 'lot', lot['id']), 'quantity');
    const [quantity, remaining] = [exact(lot['quantity']), exact(lot['remaining'])];
    if (quantity - gone !== remaining || remaining < 0n) wrong.push('a lot that does not add up');
    const status = remaining === 0n ? 'closed' : remaining === quantity ? 'open' : 'partial';
    if (lot['status'] !== status) wrong.push('a status that disagrees');
  }
  for (const sale of rowsOf(state, 'sale')) {
    const parts = of('allocation', 'sale', sale['id']);
    if (parts.length === 0 || total(parts, 'quantity') !== exact(sale['quantity']))
      wrong.push('a sale that does not add up');
    for (const { lot: id } of parts) {
      const [lot] = of('lot', 'id', id);
      if (lot?.['holding'] !== sale['holding']) wrong.push('a sale of another holding');
      if (String(lot?.['acquiredOn']) > String(sale['soldOn'])) wrong.push('sold before it was bought');
    }
  }
  const emails = rowsOf(state, 'user').map(({ email }) => email);
  if (new Set(emails).size < emails.length) wrong.push('an address twice');
  return wrong;
}

describe('portfolios', () => {
  it('should agree with themselves, exactly', () => {
    fc.assert(
      fc.property(books, (state) => {
        expect(complaints(state)).toEqual([]);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('should be settled already, also where they hold oddities', () => {
    for (const states of [books, oddBooks])
      fc.assert(
        fc.property(states, (state) => {
          expect(settleBooks(state, true)).toEqual(state);
        }),
        { seed: 2, numRuns: 300 },
      );
  });

  it('should agree with themselves after any rows were removed and settled, and stay so', () => {
    fc.assert(
      fc.property(books, fc.infiniteStream(fc.boolean()), (state, keeps) => {
        const torn: Entities = Object.fromEntries(
          Object.entries(state).map(([entity, rows]) => [entity, rows.filter(() => keeps.next().value === true)]),
        );
        const settled = settleBooks(torn, true);
        expect(complaints(settled)).toEqual([]);
        expect(settleBooks(settled, true)).toEqual(settled);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('should hold everything that they are said to hold', () => {
    const states = fc.sample(books, { seed: 4, numRuns: 300 });
    const lots = states.flatMap((state) => rowsOf(state, 'lot'));
    const holdings = states.flatMap((state) => rowsOf(state, 'holding'));
    const seen = {
      closed: lots.some(({ status, quantity }) => status === 'closed' && exact(quantity) > 0n),
      partial: lots.some(({ status }) => status === 'partial'),
      nothing: lots.some(({ quantity }) => exact(quantity) === 0n),
      soldOut: holdings.some(({ quantity }) => exact(quantity) === 0n),
      severalLots: states.some((state) => rowsOf(state, 'lot').length > rowsOf(state, 'holding').length),
      lastPlace: lots.some(({ quantity }) => /[1-9]$/.test(String(quantity))),
      beyondDoubles: lots.some(({ quantity }) => exact(quantity) > 2n ** 53n && exact(quantity) % 2n === 1n),
      saleOfSeveralLots: states.some((state) => rowsOf(state, 'allocation').length > rowsOf(state, 'sale').length),
      dividends: states.some((state) => rowsOf(state, 'dividend').length > 0),
      splits: states.some((state) =>
        rowsOf(state, 'action').some(({ kind, processed }) => kind === 'split' && processed === true),
      ),
      transfers: states.some((state) => rowsOf(state, 'transfer').length > 0),
      microseconds: holdings.some(({ createdAt }) => /\.\d{5}[1-9]$/.test(String(createdAt))),
    };
    expect(Object.entries(seen).filter(([, isSeen]) => !isSeen)).toEqual([]);
  });

  it('should keep a transferred lot with its date and cost', () => {
    const states = fc.sample(books, { seed: 5, numRuns: 400 });
    const moved = states.flatMap((state) =>
      rowsOf(state, 'transfer').map((transfer) => {
        const find = (entity: string, id: unknown) => rowsOf(state, entity).find((row) => row['id'] === id);
        return {
          transfer,
          lot: find('lot', transfer['lot']),
          from: find('holding', transfer['fromHolding']),
          to: find('holding', transfer['toHolding']),
        };
      }),
    );
    expect(moved.length).toBeGreaterThan(5);
    for (const { transfer, lot, from, to } of moved) {
      expect(lot?.['holding']).toBe(to?.['id']);
      expect(lot?.['quantity']).toBe(transfer['quantity']);
      expect(from?.['ticker']).toBe(to?.['ticker']);
      expect(from?.['portfolio']).not.toBe(to?.['portfolio']);
      expect(String(transfer['movedOn']) >= String(lot?.['acquiredOn'])).toBe(true);
    }
  });

  it('should shrink to the one lot that matters', () => {
    const isPartial = (state: Entities): boolean => rowsOf(state, 'lot').some(({ status }) => status === 'partial');
    const { failed, counterexample } = fc.check(
      fc.property(books, (state) => !isPartial(state)),
      { seed: 6, numRuns: 200 },
    );
    expect(failed).toBe(true);
    const [smallest = {}] = counterexample ?? [];
    const counts = Object.entries(smallest).map(([entity, rows]) => `${rows.length} ${entity}`);
    expect(counts.filter((count) => !count.startsWith('0 '))).toEqual([
      '1 user',
      '1 portfolio',
      '1 holding',
      '1 lot',
      '1 sale',
      '1 allocation',
    ]);
    expect(smallest['lot']?.[0]?.['quantity']).toMatch(/^0\.0000000\d$|^1\.0{8}$/);
  });

  it('should be the same for the same seed', () => {
    const sample = () => fc.sample(oddBooks, { seed: 7, numRuns: 20 });
    expect(sample()).toEqual(sample());
  });
});
