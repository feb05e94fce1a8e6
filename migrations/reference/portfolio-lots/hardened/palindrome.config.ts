import { fundPortfolios, PORTFOLIO_LOTS } from 'palindrome/portfolios';
import { documentedInvariants, fullInvariants, FUND_INVARIANTS, keyGenerators, pageQueries, pagers } from '../config-parts.ts';

export default {
  dialect: 'postgres',
  layout: 'plain',
  invariants: [...FUND_INVARIANTS, ...documentedInvariants('0001', '0002'), ...fullInvariants('0001')],
  datasets: [fundPortfolios({ names: PORTFOLIO_LOTS })],
  generators: keyGenerators(1),
  queries: pageQueries('0001'),
  pagers: pagers('text', '0001'),
  model: { drizzle: '../shared/schema-hardened.ts' },
};
