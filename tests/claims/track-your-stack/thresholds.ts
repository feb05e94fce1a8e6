/** The alert triggers of the document, as checks on a populated database: how long, how many violations, how much slower. */
import type { ClaimOutcome, Lab } from '../claim.ts';
import { applyUps, openDatabase, type Connection } from '../database.ts';
import { DOCUMENTED } from './holdings.ts';

const INVESTMENTS = 100_000;
const TEN_MINUTES_MS = 600_000;
/** Between two requests of the backfill script: five in a minute. */
const PAUSE_MS = 12_000;
/** "query_performance_degradation: threshold: >20% slower". */
const MAX_RATIO = 1.2;

const PHASES = [
  'add_security_fields',
  'add_tax_reporting_models',
  'migrate_to_tax_lots',
  'add_dividend_corporate_action',
  'add_data_constraints',
  'add_competitive_features',
  'backfill_investment_metadata',
] as const;

/** Queries that work before phase 1 as after phase 5: one for each index of the MVP schema, and what the document's own scripts ask. */
const QUERIES = {
  'a user by e-mail': `SELECT * FROM "User" WHERE "email" = 'user-77@example.com'`,
  "a portfolio's investments": `SELECT * FROM "Investment" WHERE "portfolioId" = 'portfolio-77'`,
  "a ticker's investments": `SELECT * FROM "Investment" WHERE "ticker" = 'T77'`,
  'an investment by id': `SELECT * FROM "Investment" WHERE "id" = 'investment-77'`,
  'all investments, as the scripts read them': `SELECT * FROM "Investment"`,
} as const;

interface Measured {
  readonly durationMs: number;
  /** Stocks and funds that the backfill script asks about, as text. */
  readonly toBackfill: string;
  /** By query: estimated cost after over cost before. */
  readonly ratios: readonly (readonly [name: string, ratio: number])[];
}

const measurements = new WeakMap<Lab, Promise<Measured>>();

/** The whole chain on 100,000 investments, measured once for a lab. */
function measure(lab: Lab): Promise<Measured> {
  const running = measurements.get(lab) ?? migratePopulated(lab);
  measurements.set(lab, running);
  return running;
}

async function migratePopulated(lab: Lab): Promise<Measured> {
  await using database = await openDatabase(lab);
  await applyUps(database, DOCUMENTED, ['init']);
  await database.ask(`
    INSERT INTO "User" ("id", "email") SELECT 'user-' || n, 'user-' || n || '@example.com' FROM generate_series(1, 1000) AS n;
    INSERT INTO "Portfolio" ("id", "name", "userId", "updatedAt")
    SELECT 'portfolio-' || n, 'Portfolio ' || n, 'user-' || n, now() FROM generate_series(1, 1000) AS n;
    INSERT INTO "Investment" ("id", "ticker", "name", "assetType", "totalQuantity", "averageCostBasis", "currentPrice", "portfolioId", "updatedAt")
    SELECT 'investment-' || n, 'T' || n % 5000, 'Investment ' || n, (enum_range(NULL::"AssetType"))[1 + n % 4],
      n + 0.00000001, n / 7.0, n / 3.0, 'portfolio-' || 1 + n % 1000, now()
    FROM generate_series(1, ${INVESTMENTS}) AS n;
    ANALYZE`);
  const before = await costs(database);
  let durationMs = 0;
  let toBackfill = '';
  for (const phase of PHASES) {
    if (phase === 'backfill_investment_metadata') {
      const [row] = await database.ask(
        `SELECT count(*) AS "count" FROM "Investment" WHERE "assetType" IN ('STOCK', 'ETF') AND "sector" IS NULL`,
      );
      toBackfill = row?.['count'] ?? '';
    }
    const started = performance.now();
    await applyUps(database, DOCUMENTED, [phase]);
    durationMs += performance.now() - started;
  }
  await database.ask('ANALYZE');
  const after = await costs(database);
  const ratios = Object.keys(QUERIES).map((name) => [name, (after.get(name) ?? 0) / (before.get(name) ?? 0)] as const);
  return { durationMs, toBackfill, ratios };
}

async function costs({ ask }: Connection): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const [name, query] of Object.entries(QUERIES)) {
    const [row] = await ask(`EXPLAIN (FORMAT JSON) ${query}`);
    const [plan] = JSON.parse(row?.['QUERY PLAN'] ?? '[]') as { Plan: { 'Total Cost': number } }[];
    if (plan === undefined) throw new Error(`There is no plan of ${name}.`);
    found.set(name, plan.Plan['Total Cost']);
  }
  return found;
}

/** "migration_duration_alert: threshold: >10 minutes". */
export async function judgeDuration(lab: Lab): Promise<ClaimOutcome> {
  const { durationMs, toBackfill } = await measure(lab);
  const pausesMs = Number(toBackfill) * PAUSE_MS;
  const sql = `phases 1 to 5 as SQL on 100,000 investments took ${Math.ceil(durationMs / 1000)} s`;
  if (durationMs + pausesMs <= TEN_MINUTES_MS) return { verdict: 'held', evidence: sql, replay: null };
  return {
    verdict: 'falsified',
    evidence: `${sql}, but the backfill script pauses 12 s after each of ${toBackfill} stocks and funds: ${Math.round(pausesMs / 3_600_000)} hours`,
    replay: null,
  };
}

/** "query_performance_degradation: threshold: >20% slower", by the planner's cost: the same on every machine. */
export async function judgeQueries(lab: Lab): Promise<ClaimOutcome> {
  const { ratios } = await measure(lab);
  const [worst] = ratios.toSorted(([, a], [, b]) => b - a);
  if (worst === undefined) throw new Error('No query was planned.');
  const [name, ratio] = worst;
  const evidence = `of ${ratios.length} queries on 100,000 investments, ${name}: ${ratio.toFixed(1)} times the cost after phase 5`;
  if (ratio <= MAX_RATIO) return { verdict: 'held', evidence, replay: null };
  return {
    verdict: 'falsified',
    evidence: `${evidence}; the updates of the fix-ups and of the backfill leave the table that much longer`,
    replay: null,
  };
}
