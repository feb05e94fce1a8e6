/**
 * What the document's `@@index` lines are for, as the queries that Prisma sends for the application's lists: filtered by the columns before the last,
 * ordered by the last where that is a time. Each is asked of the phase
 * that makes its index: no later phase makes or drops one of them. For the configuration of `hardened/`.
 */

const INIT = '20251012090000';
const SECURITY = '20251102090000';
const LOTS = '20251116090000';
const DIVIDENDS = '20251130090000';
const COMPETITIVE = '20260301090000';

/** One list: the rows that have the values of `by`, newest first by `newest` where it is given. */
function list(id: string, from: string, table: string, by: readonly string[], newest?: string) {
  const filter = by.map((column, at) => `"${column}" = $${at + 1}`).join(' AND ');
  const some = (column: string) => `(SELECT "${column}" FROM "${table}" ORDER BY "id" LIMIT 1)`;
  const page = newest === undefined ? '' : ` ORDER BY "${newest}" DESC LIMIT 20`;
  return {
    id,
    from,
    until: from,
    sql: `SELECT * FROM "${table}" WHERE ${filter}${page}`,
    params: by.map(some),
    index: `${table}_${[...by, ...(newest === undefined ? [] : [newest])].join('_')}_idx`,
  };
}

/** The lists of the models, by the order of their phases. */
export const ACCESS_PATHS = [
  list('investments-of-a-portfolio', INIT, 'Investment', ['portfolioId']),
  list('investments-in-a-ticker', INIT, 'Investment', ['ticker']),
  list('audit-log-of-a-user', SECURITY, 'AuditLog', ['userId'], 'createdAt'),
  list('audit-log-of-an-entity', SECURITY, 'AuditLog', ['entity', 'entityId']),
  list('sessions-of-a-user', SECURITY, 'SessionInfo', ['userId'], 'lastActive'),
  // Where an investment has few lots, the index by date does as well.
  {
    ...list('lots-of-an-investment-by-status', LOTS, 'TaxLot', ['investmentId', 'status']),
    index: ['TaxLot_investmentId_status_idx', 'TaxLot_investmentId_purchaseDate_idx'],
  },
  // First in, first out: the oldest lot is sold first.
  {
    ...list('lots-of-an-investment-first-in-first-out', LOTS, 'TaxLot', ['investmentId'], 'purchaseDate'),
    sql: 'SELECT * FROM "TaxLot" WHERE "investmentId" = $1 ORDER BY "purchaseDate" LIMIT 20',
  },
  list('sales-of-an-investment', LOTS, 'SaleTransaction', ['investmentId'], 'saleDate'),
  // The allocations of one lot are not asked: generated ones may all be of one lot, and then reading the whole table is right.
  // The unique index on (saleId, taxLotId) serves it as well.
  {
    ...list('allocations-of-a-sale', LOTS, 'TaxLotAllocation', ['saleId']),
    index: ['TaxLotAllocation_saleId_idx', 'TaxLotAllocation_saleId_taxLotId_key'],
  },
  list('dividends-of-an-investment', DIVIDENDS, 'Dividend', ['investmentId'], 'exDate'),
  list('corporate-actions-of-an-investment', DIVIDENDS, 'CorporateAction', ['investmentId'], 'effectiveDate'),
  // The unique index on (portfolioId, benchmarkTicker) serves it as well.
  {
    ...list('benchmarks-of-a-portfolio', COMPETITIVE, 'PortfolioBenchmark', ['portfolioId']),
    index: ['PortfolioBenchmark_portfolioId_idx', 'PortfolioBenchmark_portfolioId_benchmarkTicker_key'],
  },
  // So does that on (ticker, date).
  {
    ...list('prices-of-a-benchmark', COMPETITIVE, 'BenchmarkPrice', ['ticker'], 'date'),
    index: ['BenchmarkPrice_ticker_date_idx', 'BenchmarkPrice_ticker_date_key'],
  },
  list('goals-of-a-user-by-status', COMPETITIVE, 'Goal', ['userId', 'status']),
  list('alerts-of-a-user', COMPETITIVE, 'PriceAlert', ['userId', 'triggered']),
  list('alerts-on-a-ticker', COMPETITIVE, 'PriceAlert', ['ticker', 'triggered']),
];
