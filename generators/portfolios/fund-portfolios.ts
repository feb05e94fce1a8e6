/** The dataset of funds, their investments, forecasts and reserves, under the names of a schema. */
import * as fc from 'fast-check';
import type { DatasetConfig } from '../datasets/dataset-generator.ts';
import { moneyText, ONE, quantityText, sum, unitsOf } from './amounts.ts';
import { type Entities, type EntityRow, idsOf } from './entities.ts';
import { FUND_FIELDS, type FundNames } from './fund-fields.ts';
import { Mapping } from './mapping.ts';
import { dateText, momentText } from './moments.ts';
import { companies, currencies, days, moments, quantities, remarks } from './pieces.ts';

/** Options of `fundPortfolios`. */
export interface FundOptions {
  /** What the schema calls funds, investments, lots, snapshots and reserves. What has no name is left out, or generated as always. */
  readonly names: FundNames;
  /** Name of the dataset in messages; `funds` if not given. */
  readonly id?: string | undefined;
}

/** A share's most expensive lot, in cents: four of them stay within `numeric(15,2)`. */
const MOST_CENTS = 10n ** 15n / 4n - 1n;
/** The greatest `numeric(18,8)`, in units. */
const MOST_SHARES = 10n ** 18n - 1n;

/** Moments of which several rows have the same, as forecasts that one job wrote. */
const jobMoments = fc.oneof(
  { weight: 2, arbitrary: moments() },
  { weight: 1, arbitrary: fc.constantFrom(978_307_200_000_001n, 1_700_000_000_123_456n) },
);

const lots = fc.record({
  kind: fc.constantFrom('initial', 'follow-on', 'secondary'),
  shares: quantities(MOST_SHARES),
  unitPriceCents: fc.bigInt({ min: 0n, max: 1_000_000n }),
  createdAt: jobMoments,
});

const funds = fc.record({
  name: companies().map((name) => `${name} Fund`),
  currency: currencies(),
  cents: fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }),
  createdAt: moments(),
  investments: fc.array(
    fc.record({
      company: companies(),
      day: days(),
      createdAt: jobMoments,
      lots: fc.array(lots, { maxLength: 3 }),
    }),
    { maxLength: 3 },
  ),
  snapshots: fc.array(
    fc.record({
      name: fc.constantFrom('Q1', 'Q2', 'Base case', 'Downside'),
      status: fc.constantFrom('pending', 'calculating', 'complete', 'error'),
      irr: fc.option(fc.bigInt({ min: -9_999n, max: 99_999n })),
      takenAt: jobMoments,
      createdAt: jobMoments,
      /** For each investment of the fund what is set aside; null: nothing is. */
      reserves: fc.array(
        fc.option(
          fc.record({
            cents: fc.bigInt({ min: 0n, max: 2n ** 62n }),
            rationale: fc.option(remarks()),
            createdAt: jobMoments,
          }),
        ),
        {
          maxLength: 3,
        },
      ),
    }),
    { maxLength: 3 },
  ),
});

type FundDraft = typeof funds extends fc.Arbitrary<infer Draft> ? Draft : never;

/**
 * Funds as they are kept: investments bought in lots, forecasts of which several have one time, reserves for investments of the forecast's fund.
 * Versions and idempotency keys are left to the generic source: what they may be changes with the schema.
 *
 * ```ts
 * import { fundPortfolios, PORTFOLIO_LOTS } from 'palindrome/portfolios';
 *
 * export default { datasets: [fundPortfolios({ names: PORTFOLIO_LOTS })] };
 * ```
 *
 * Throws `PalindromeError` (`names-invalid`) where `names` has an entity or field that there is not.
 */
export function fundPortfolios(options: FundOptions): DatasetConfig {
  const mapping = new Mapping(FUND_FIELDS, options.names);
  const drafts = fc.array(funds, { minLength: 1, maxLength: 2 });
  return {
    id: options.id ?? 'funds',
    rows: (schema) => drafts.map((drawn) => mapping.toRows(settleFunds(entitiesOf(drawn)), schema)),
    derive: (rows, schema) => ({ ...rows, ...mapping.toRows(settleFunds(mapping.fromRows(rows)), schema) }),
  };
}

/** Rows of everything that the funds have. */
function entitiesOf(drafts: readonly FundDraft[]): Entities {
  const rows = {
    fund: [] as EntityRow[],
    investment: [] as EntityRow[],
    lot: [] as EntityRow[],
    snapshot: [] as EntityRow[],
    reserve: [] as EntityRow[],
  };
  const next = {
    fund: idsOf('fund'),
    investment: idsOf('investment'),
    lot: idsOf('lot'),
    snapshot: idsOf('snapshot'),
    reserve: idsOf('reserve'),
  };
  const written = (micros: bigint) => ({ createdAt: momentText(micros), updatedAt: momentText(micros) });
  for (const { name, currency, cents, createdAt, investments, snapshots } of drafts) {
    const fund = next.fund();
    rows.fund.push({ id: fund, name, currency, size: moneyText(cents), createdAt: momentText(createdAt) });
    const bought = investments.map(({ company, day, createdAt: enteredAt, lots: parts }) => {
      const investment = next.investment();
      rows.investment.push({
        id: investment,
        fund,
        company,
        amount: moneyText(0n),
        investedOn: dateText(day),
        createdAt: momentText(enteredAt),
      });
      for (const { kind, shares, unitPriceCents, createdAt: lotAt } of parts) {
        const affordable = shares === 0n ? unitPriceCents : (MOST_CENTS * ONE) / shares;
        const price = unitPriceCents < affordable ? unitPriceCents : affordable;
        rows.lot.push({
          id: next.lot(),
          investment,
          kind,
          unitPriceCents: `${price}`,
          shares: quantityText(shares),
          costCents: `${(shares * price) / ONE}`,
          ...written(lotAt),
        });
      }
      return investment;
    });
    for (const { name: title, status, irr, takenAt, createdAt: enteredAt, reserves } of snapshots) {
      const snapshot = next.snapshot();
      const metrics = irr === null ? null : `{"irr": ${moneyText(irr)}}`;
      rows.snapshot.push({
        id: snapshot,
        fund,
        name: title,
        status,
        metrics,
        takenAt: momentText(takenAt),
        ...written(enteredAt),
      });
      reserves.forEach((reserve, at) => {
        const investment = bought[at];
        if (reserve === null || investment === undefined) return;
        rows.reserve.push({
          id: next.reserve(),
          snapshot,
          investment,
          plannedCents: `${reserve.cents}`,
          rationale: reserve.rationale,
          ...written(reserve.createdAt),
        });
      });
    }
  }
  return rows;
}

/** What an investment cost is what its lots cost, if it has any; a reserve is for an investment of its snapshot's fund. */
function settleFunds(entities: Entities): Entities {
  const { fund, investment, lot, snapshot, reserve } = entities;
  const among = (rows: readonly EntityRow[] | undefined, parents: readonly EntityRow[] | undefined, field: string) => {
    if (rows === undefined || parents === undefined) return rows;
    const known = new Set(parents.map((row) => row['id']));
    return rows.filter((row) => known.has(row[field]));
  };
  const investments = among(investment, fund, 'fund');
  const lotRows = among(lot, investments, 'investment');
  const snapshots = among(snapshot, fund, 'fund');
  const fundOf = new Map([...(investments ?? []), ...(snapshots ?? [])].map((row) => [row['id'], row['fund']]));
  const reserves = among(among(reserve, snapshots, 'snapshot'), investments, 'investment')?.filter(
    (row) =>
      snapshots === undefined ||
      investments === undefined ||
      fundOf.get(row['snapshot']) === fundOf.get(row['investment']),
  );
  const settled = {
    fund,
    investment: investments?.map((row) => withCost(row, lotRows)),
    lot: lotRows,
    snapshot: snapshots,
    reserve: reserves,
  };
  return {
    ...entities,
    ...Object.fromEntries(Object.entries(settled).filter(([, rows]) => rows !== undefined)),
  } as Entities;
}

function withCost(row: EntityRow, lotRows: readonly EntityRow[] | undefined): EntityRow {
  const own = lotRows?.filter((lot) => lot['investment'] === row['id']) ?? [];
  const cost = sum(own.map(({ costCents }) => unitsOf(costCents)));
  if (own.length === 0 || cost === 'NaN') return row;
  const amount = moneyText(cost / ONE);
  return unitsOf(row['amount']) === unitsOf(amount) ? row : { ...row, amount };
}
