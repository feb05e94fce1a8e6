/** The dataset of trading accounts under the names of a schema. */
import type { DatasetConfig } from '../datasets/dataset-generator.ts';
import { ACCOUNT_FIELDS, type AccountNames } from './account-fields.ts';
import { accountEntities, settleAccounts, tradingAccounts } from './account-rows.ts';
import { Mapping } from './mapping.ts';

/** Options of `accountPortfolios`. */
export interface AccountOptions {
  /** What the schema calls contracts, trades, days, positions, orders, enforcements and lockouts. What has no name is left out. */
  readonly names: AccountNames;
  /** Name of the dataset in messages; `accounts` if not given. */
  readonly id?: string | undefined;
}

/**
 * Accounts as a risk daemon sees them: trades on the ticks of an exchange, days that are the exact sums of what their trades realized, positions that are
 * what trades leave, orders with and without limit and stop, rules that stopped an account.
 *
 * ```ts
 * import { accountPortfolios, RISK_DAEMON } from 'palindrome/portfolios';
 *
 * export default { datasets: [accountPortfolios({ names: RISK_DAEMON })] };
 * ```
 *
 * Throws `PalindromeError` (`names-invalid`) where `names` has an entity or field that there is not.
 */
export function accountPortfolios(options: AccountOptions): DatasetConfig {
  const mapping = new Mapping(ACCOUNT_FIELDS, options.names);
  return {
    id: options.id ?? 'accounts',
    rows: (schema) => tradingAccounts().map((drawn) => mapping.toRows(settleAccounts(accountEntities(drawn)), schema)),
    derive: (rows, schema) => ({ ...rows, ...mapping.toRows(settleAccounts(mapping.fromRows(rows)), schema) }),
  };
}

/** What the reference set `risk-daemon` calls them. */
export const RISK_DAEMON: AccountNames = {
  contract: {
    table: 'contract_cache',
    columns: {
      id: 'contract_id',
      symbol: 'symbol',
      name: 'name',
      tickSize: 'tick_size',
      tickValue: 'tick_value',
      cachedAt: 'cached_at',
    },
  },
  trade: {
    table: 'trade_history',
    columns: {
      id: 'trade_id',
      account: 'account_id',
      contract: 'contract_id',
      side: 'side',
      quantity: 'quantity',
      price: 'price',
      realized: 'realized_pnl',
      tradedAt: 'timestamp',
    },
  },
  day: {
    table: 'daily_pnl',
    columns: {
      account: 'account_id',
      on: 'date',
      realized: 'realized_pnl',
      trades: 'trade_count',
      updatedAt: 'updated_at',
    },
  },
  position: {
    table: 'positions',
    columns: {
      id: 'position_id',
      account: 'account_id',
      contract: 'contract_id',
      side: 'side',
      quantity: 'quantity',
      averagePrice: 'average_price',
      openedAt: 'opened_at',
      updatedAt: 'updated_at',
    },
  },
  order: {
    table: 'orders',
    columns: {
      id: 'order_id',
      account: 'account_id',
      contract: 'contract_id',
      kind: 'order_type',
      side: 'side',
      quantity: 'quantity',
      limit: 'limit_price',
      stop: 'stop_price',
      state: 'state',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
  enforcement: {
    table: 'enforcement_log',
    columns: {
      id: 'id',
      at: 'timestamp',
      account: 'account_id',
      rule: 'rule_id',
      action: 'action',
      reason: 'reason',
      success: 'success',
    },
  },
  lockout: {
    table: 'lockouts',
    columns: {
      account: 'account_id',
      rule: 'rule_id',
      reason: 'reason',
      lockedAt: 'locked_at',
      lockedUntil: 'locked_until',
    },
  },
};
