/** What the document says its new indexes are for ("Purpose"), as queries of the daemon and its reports. Shared by the configurations of both forms. */

/** A query, and the indexes that may serve it. */
export interface AnalyticsQuery {
  readonly id: string;
  readonly sql: string;
  readonly params: readonly string[];
  /** Any one of them will do. */
  readonly index: string | readonly string[];
}

/** The queries; `indexes` and `unrealized` are the migrations that make the indexes. */
export function analyticsQueries(indexes: string, unrealized: string): readonly (AnalyticsQuery & { readonly from: string })[] {
  return [
    {
      id: 'failure-analysis',
      from: indexes,
      sql: 'SELECT * FROM enforcement_log WHERE success = ? ORDER BY timestamp DESC LIMIT 50',
      params: ['0'],
      index: 'idx_enforcement_log_success',
    },
    {
      id: 'recent-updates',
      from: indexes,
      sql: 'SELECT * FROM positions ORDER BY updated_at DESC LIMIT 50',
      params: [],
      index: 'idx_positions_updated',
    },
    {
      id: 'orders-of-an-account-by-state',
      from: indexes,
      sql: 'SELECT * FROM orders WHERE state = ? AND account_id = ?',
      params: [
        '(SELECT state FROM orders ORDER BY rowid LIMIT 1)',
        '(SELECT account_id FROM orders ORDER BY rowid LIMIT 1)',
      ],
      index: 'idx_orders_state_account',
    },
    {
      id: 'unrealized-by-date',
      from: unrealized,
      sql: 'SELECT * FROM daily_unrealized_pnl WHERE timestamp >= ? ORDER BY timestamp DESC LIMIT 50',
      params: ['(SELECT max(timestamp) FROM daily_unrealized_pnl)'],
      index: 'idx_daily_unrealized_pnl_date',
    },
    {
      // The primary key has the same columns, read backwards.
      id: 'unrealized-of-an-account',
      from: unrealized,
      sql: 'SELECT * FROM daily_unrealized_pnl WHERE account_id = ? ORDER BY timestamp DESC LIMIT 50',
      params: ['(SELECT account_id FROM daily_unrealized_pnl ORDER BY rowid LIMIT 1)'],
      index: ['idx_daily_unrealized_pnl_account_date', 'sqlite_autoindex_daily_unrealized_pnl_1'],
    },
  ];
}
