/** Funds and what they have: how drawn choices become rows that agree with each other. */
import * as fc from 'fast-check';
import { moneyText, ONE, quantityText } from './amounts.ts';
import { type Entities, type EntityRow, idsOf } from './entities.ts';
import { dateText, momentText } from './moments.ts';
import { companies, currencies, days, moments, quantities, remarks } from './pieces.ts';

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

/** A fund with up to three investments and up to three forecasts. */
export const funds = fc.record({
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

function written(micros: bigint): EntityRow {
  return { createdAt: momentText(micros), updatedAt: momentText(micros) };
}

/** Rows of everything that the funds have. */
export function fundEntities(drafts: readonly FundDraft[]): Entities {
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
