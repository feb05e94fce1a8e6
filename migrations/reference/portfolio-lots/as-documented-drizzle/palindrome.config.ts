import { fundPortfolios, PORTFOLIO_LOTS } from 'palindrome/portfolios';
import { DUPLICATE_KEYS, documentedInvariants, FUND_INVARIANTS, keyGenerators, pageQueries } from '../config-parts.ts';

export default {
  dialect: 'postgres',
  layout: 'drizzle',
  invariants: [...FUND_INVARIANTS, ...documentedInvariants('0001', '0001')],
  datasets: [fundPortfolios({ names: PORTFOLIO_LOTS })],
  generators: keyGenerators(2),
  queries: pageQueries('0001'),
  model: { drizzle: '../shared/schema.ts' },
  declare: {
    '0001': {
      preconditions: DUPLICATE_KEYS.map(({ sql }) => ({ sql, reason: 'the document has this query asked before it runs' })),
    },
  },
};
