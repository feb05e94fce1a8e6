/** Funds on the schema of the set that keeps them: every row is taken, and what follows from other rows follows. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createDatasetSource } from '../../generators/dataset-source.ts';
import { fundPortfolios } from '../../generators/portfolios/fund-portfolios.ts';
import { PORTFOLIO_LOTS } from '../../generators/portfolios/portfolio-lots.ts';
import { openDialect } from './support.ts';

const SCHEMA = readFileSync(new URL('fixtures/funds.sql', import.meta.url), 'utf8');

/** Each returns the rows that are not as they should be. */
const LAWS = [
  `SELECT i.id FROM investments i JOIN investment_lots l ON l.investment_id = i.id
   GROUP BY i.id, i.amount HAVING sum(l.cost_basis_cents) IS DISTINCT FROM i.amount * 100`,
  `SELECT id FROM investment_lots WHERE cost_basis_cents <> floor(shares_acquired * share_price_cents)`,
  `SELECT r.id FROM reserve_allocations r JOIN forecast_snapshots s ON s.id = r.snapshot_id
   JOIN investments i ON i.id = r.investment_id WHERE i.fund_id <> s.fund_id`,
];

const OCCURS = {
  'shares beyond a double': 'SELECT id FROM investment_lots WHERE shares_acquired * 100000000 > 9007199254740992',
  'several lots': 'SELECT investment_id FROM investment_lots GROUP BY investment_id HAVING count(*) > 1',
  'snapshots of one time': 'SELECT snapshot_time FROM forecast_snapshots GROUP BY snapshot_time HAVING count(*) > 1',
  'reserves': 'SELECT id FROM reserve_allocations',
  'microseconds': `SELECT id FROM forecast_snapshots WHERE date_trunc('milliseconds', snapshot_time) <> snapshot_time`,
}; // prettier-ignore

describe('funds', () => {
  it('should be taken as they are, agree with themselves, and be what they are said to be', async () => {
    const { cluster, close } = await openDialect('postgres');
    try {
      await using origin = await cluster.create();
      await origin.run(SCHEMA);
      const model = await origin.introspect();
      await using template = await cluster.freeze(origin, 'funds');
      const source = await createDatasetSource({ datasets: [fundPortfolios({ names: PORTFOLIO_LOTS })] });
      const unseen = new Map(Object.entries(OCCURS));
      for (let index = 0; index < 60; index++) {
        await using database = await cluster.create(template);
        const dataset = source.generate({ model, seed: 3, index, focus: null, literals: [] });
        const { refused, loaded } = await database.load(dataset, model);
        expect(refused).toEqual([]);
        expect(source.settle(model, loaded)).toEqual(loaded);
        for (const law of LAWS)
          expect(await database.query(law, 5, 10_000)).toMatchObject({ status: 'rows', rowCount: 0 });
        for (const [what, sql] of unseen) {
          const found = await database.query(sql, 1, 10_000);
          if (found.status === 'rows' && found.rowCount > 0) unseen.delete(what);
        }
      }
      expect([...unseen.keys()]).toEqual([]);
      expect(source.unknownNames()).toEqual([]);
    } finally {
      await close();
    }
  });
});
