/** What the market data service answers in both forms of the backfill, and the rule that the backfill claims: only what is missing is filled. */
const ANSWERS = {
  sector: { AAPL: 'Technology', MSFT: 'Technology', JNJ: 'Healthcare', TM: 'Consumer Cyclical', HSBC: 'Financial Services' },
  industry: {
    AAPL: 'Consumer Electronics',
    MSFT: 'Software',
    JNJ: 'Pharmaceuticals',
    TM: 'Auto Manufacturers',
    HSBC: 'Banks',
  },
  country: { AAPL: 'US', MSFT: 'US', JNJ: 'US', TM: 'JP', HSBC: 'GB', SPY: 'US' },
  marketCap: {
    AAPL: '3500000000000.00',
    MSFT: '3100000000000.00',
    JNJ: '380000000000.00',
    TM: '240000000000.00',
    HSBC: '160000000000.00',
  },
} as const;

/** As `declare` of the migration that backfills. */
export const BACKFILL = {
  maps: Object.entries(ANSWERS).map(([column, answers]) => ({
    column: `Investment.${column}`,
    as: `COALESCE("${column}", CASE WHEN "assetType" IN ('STOCK', 'ETF') THEN ${chooseByTicker(column, answers)} END)`,
    reason: 'only missing data is filled',
  })),
} as const;

function chooseByTicker(column: string, answers: Readonly<Record<string, string>>): string {
  const whens = Object.entries(answers).map(([ticker, answer]) => `WHEN '${ticker}' THEN '${answer}'`);
  return `(CASE "ticker" ${whens.join(' ')} END)${column === 'marketCap' ? '::numeric(20, 2)' : ''}`;
}
