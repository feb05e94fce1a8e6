/** The dataset of investors and their portfolios, under the names of a schema. */
import * as fc from 'fast-check';
import type { SchemaModel } from '../../harness/core/schema.ts';
import type { DatasetConfig, DatasetRows } from '../datasets/dataset-generator.ts';
import type { Entities } from './entities.ts';
import { INVESTOR_FIELDS, type InvestorNames } from './investor-fields.ts';
import { entitiesOf } from './investor-rows.ts';
import { investors } from './investor-state.ts';
import { Mapping } from './mapping.ts';
import { settleBooks } from './settle-books.ts';

/** Options of `investorPortfolios`. */
export interface InvestorOptions {
  /** What the schema calls users, portfolios, holdings, lots and the rest. What has no name is left out. */
  readonly names: InvestorNames;
  /** Name of the dataset in messages; `portfolios` if not given. */
  readonly id?: string | undefined;
  /** Most investors in a case; 2 if not given. Each has one or two portfolios of one to three holdings. */
  readonly most?: bigint | undefined;
  /** Exactly so many investors, for measuring. */
  readonly exactly?: bigint | undefined;
  /**
   * Whether holdings have their lots in this state of the schema; without it: where the table of lots is there. Where they have not, the tables
   * of lots, sales and allocations stay empty.
   */
  readonly hasLots?: ((schema: SchemaModel) => boolean) | undefined;
  /** Whether short positions and NaN may occur; without it: while no check is on the tables of holdings and lots. */
  readonly allowsOddities?: ((schema: SchemaModel) => boolean) | undefined;
}

/**
 * Portfolios as they are kept: several lots per holding, sales that took from some of them, closed positions, positions of nothing, fractions to
 * the eighth place, quantities beyond 2^53, splits, dividends, lots that came from another portfolio.
 *
 * ```ts
 * // palindrome.config.ts
 * import { defineConfig } from 'palindrome';
 * import { investorPortfolios, TRACK_YOUR_STACK } from 'palindrome/portfolios';
 *
 * export default defineConfig({
 *   datasets: [investorPortfolios({ names: TRACK_YOUR_STACK })],
 *   // or with names of your own; fields that have none are left out:
 *   // investorPortfolios({ names: {
 *   //   holding: { table: 'holdings', columns: { id: 'id', quantity: 'qty', ticker: 'symbol' } },
 *   //   lot: { table: 'tax_lots', columns: { id: 'id', holding: 'holding_id', quantity: 'qty', remaining: 'open_qty', status: 'status' },
 *   //     labels: { status: { open: 'OPEN', partial: 'PARTIALLY_CLOSED', closed: 'CLOSED' } } },
 *   // } })
 * });
 * ```
 *
 * Throws `PalindromeError` (`names-invalid`) where `names` has an entity or field that there is not.
 */
export function investorPortfolios(options: InvestorOptions): DatasetConfig {
  const mapping = new Mapping(INVESTOR_FIELDS, options.names);
  const hasLots = options.hasLots ?? ((schema: SchemaModel) => mapping.has(schema, 'lot'));
  const allowsOddities =
    options.allowsOddities ??
    ((schema: SchemaModel) => !mapping.isChecked(schema, 'holding') && !mapping.isChecked(schema, 'lot'));
  const most = options.exactly ?? options.most ?? 2n;
  const drafts = fc.array(investors(), {
    minLength: countOf(options.exactly ?? 1n),
    maxLength: countOf(most),
    size: 'max',
  });
  return {
    id: options.id ?? 'portfolios',
    rows: (schema) =>
      drafts.map((drawn) => {
        const entities = entitiesOf(drawn, { allowsOddities: allowsOddities(schema) });
        return mapping.toRows(hasLots(schema) ? entities : withoutLots(entities), schema);
      }),
    derive: (rows: DatasetRows, schema) => {
      const settled = settleBooks(mapping.fromRows(rows), hasLots(schema));
      return { ...rows, ...mapping.toRows(settled, schema) };
    },
  };
}

function withoutLots(entities: Entities): Entities {
  return { ...entities, lot: [], sale: [], allocation: [] };
}

/** A count of rows, no value: the one place where one is made from a bigint. */
function countOf(most: bigint): number {
  return Number(most);
}
