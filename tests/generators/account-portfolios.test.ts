/** Trading accounts on the v1 schema of the risk daemon: every row is taken, and days and positions are what the trades say. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createDatasetSource } from '../../generators/dataset-source.ts';
import { accountPortfolios, RISK_DAEMON } from '../../generators/portfolios/trading-accounts.ts';
import { openDialect } from './support.ts';

const SCHEMA = readFileSync(
  new URL('../../migrations/reference/risk-daemon/hardened/0001_v1_baseline.sql', import.meta.url),
  'utf8',
);

/** Each returns the rows that are not as they should be. Cents are counted: the columns are REAL. */
const LAWS = {
  'a day is its trades': `SELECT d.account_id FROM daily_pnl d WHERE d.trade_count <> (SELECT count(*) FROM trade_history t WHERE t.account_id = d.account_id AND substr(t.timestamp, 1, 10) = d.date)
    OR CAST(round(d.realized_pnl * 100) AS INTEGER) <> (SELECT coalesce(sum(CAST(round(t.realized_pnl * 100) AS INTEGER)), 0) FROM trade_history t WHERE t.account_id = d.account_id AND substr(t.timestamp, 1, 10) = d.date)`,
  'a trade has its day': `SELECT trade_id FROM trade_history t WHERE NOT EXISTS (SELECT 1 FROM daily_pnl d WHERE d.account_id = t.account_id AND d.date = substr(t.timestamp, 1, 10))`,
  'a position is what trades leave': `SELECT account_id, contract_id, sum(CASE side WHEN 0 THEN quantity ELSE -quantity END) AS net FROM trade_history GROUP BY 1, 2 HAVING net <> 0
    EXCEPT SELECT account_id, contract_id, CASE side WHEN 0 THEN quantity ELSE -quantity END FROM positions`,
  'a contract is known': 'SELECT contract_id FROM trade_history EXCEPT SELECT contract_id FROM contract_cache',
}; // prettier-ignore

describe('trading accounts', () => {
  it('should be taken as they are and agree with themselves, also when trades are gone', async () => {
    const { cluster, close } = await openDialect('sqlite');
    try {
      await using origin = await cluster.create();
      await origin.run(SCHEMA);
      const model = await origin.introspect();
      await using template = await cluster.freeze(origin, 'accounts');
      const source = await createDatasetSource({ datasets: [accountPortfolios({ names: RISK_DAEMON })] });
      let trades = 0;
      for (let index = 0; index < 30; index++) {
        const generated = source.generate({ model, seed: 5, index, focus: null, literals: [] });
        expect(source.settle(model, generated)).toEqual(generated);
        const torn = {
          tables: generated.tables.map((table) =>
            table.table.includes('trade_history') ? { ...table, rows: table.rows.slice(1) } : table,
          ),
        };
        for (const dataset of [generated, source.settle(model, torn)]) {
          await using database = await cluster.create(template);
          const { refused } = await database.load(dataset, model);
          expect(refused).toEqual([]);
          for (const law of Object.values(LAWS))
            expect(await database.query(law, 5, 10_000)).toMatchObject({ rows: [] });
        }
        trades += generated.tables.find(({ table }) => table.includes('trade_history'))?.rows.length ?? 0;
      }
      expect(trades).toBeGreaterThan(40);
      expect(source.unknownNames()).toEqual([]);
    } finally {
      await close();
    }
  });
});
