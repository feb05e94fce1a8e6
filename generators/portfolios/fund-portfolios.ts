/** The dataset of funds, their investments, forecasts and reserves, under the names of a schema. */
import * as fc from 'fast-check';
import type { DatasetConfig } from '../datasets/dataset-generator.ts';
import { moneyText, ONE, sum, unitsOf } from './amounts.ts';
import { type Entities, type EntityRow, keepWith } from './entities.ts';
import { FUND_FIELDS, type FundNames } from './fund-fields.ts';
import { fundEntities, funds } from './fund-rows.ts';
import { Mapping } from './mapping.ts';

/** Options of `fundPortfolios`. */
export interface FundOptions {
  /** What the schema calls funds, investments, lots, snapshots and reserves. What has no name is left out, or generated as always. */
  readonly names: FundNames;
  /** Name of the dataset in messages; `funds` if not given. */
  readonly id?: string | undefined;
}

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
    rows: (schema) => drafts.map((drawn) => mapping.toRows(settleFunds(fundEntities(drawn)), schema)),
    derive: (rows, schema) => ({ ...rows, ...mapping.toRows(settleFunds(mapping.fromRows(rows)), schema) }),
  };
}

/** What an investment cost is what its lots cost, if it has any; a reserve is for an investment of its snapshot's fund. */
function settleFunds(entities: Entities): Entities {
  const { fund, investment, lot, snapshot, reserve } = entities;
  const investments = keepWith(investment, fund, 'fund');
  const lotRows = keepWith(lot, investments, 'investment');
  const snapshots = keepWith(snapshot, fund, 'fund');
  const fundOf = new Map([...(investments ?? []), ...(snapshots ?? [])].map((row) => [row['id'], row['fund']]));
  const reserves = keepWith(keepWith(reserve, snapshots, 'snapshot'), investments, 'investment')?.filter(
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
