/** What the document lists, as queries that return what is missing: for the invariants of both forms. */

const V1_TABLES = [
  'lockouts',
  'daily_pnl',
  'contract_cache',
  'trade_history',
  'session_state',
  'positions',
  'orders',
  'enforcement_log',
  'reset_schedule',
] as const;

/** "New Indexes": name, table and columns, each with its direction, as in the table of the document. */
const INDEXES = [
  ['idx_enforcement_log_success', 'enforcement_log', 'success ASC, timestamp DESC'],
  ['idx_positions_updated', 'positions', 'updated_at DESC'],
  ['idx_orders_state_account', 'orders', 'state ASC, account_id ASC'],
  ['idx_daily_unrealized_pnl_date', 'daily_unrealized_pnl', 'timestamp DESC'],
  ['idx_daily_unrealized_pnl_account_date', 'daily_unrealized_pnl', 'account_id ASC, timestamp DESC'],
] as const;

/** The v1 tables that are missing. */
export const V1_TABLES_EXIST = `
  SELECT wanted.value AS missing FROM json_each('${JSON.stringify(V1_TABLES)}') AS wanted
  WHERE wanted.value NOT IN (SELECT name FROM sqlite_master WHERE type = 'table')`;

/** The new indexes that are missing, on another table, or with other columns or directions; with all scripts run. */
export const SPECIFIED_INDEXES = `
  SELECT json_extract(wanted.value, '$[0]') AS "index", json_extract(wanted.value, '$[2]') AS wanted, there.columns AS "is"
  FROM json_each('${JSON.stringify(INDEXES)}') AS wanted
  LEFT JOIN (
    SELECT m.name, m.tbl_name, (
      SELECT group_concat(c.name || CASE c."desc" WHEN 1 THEN ' DESC' ELSE ' ASC' END, ', ' ORDER BY c.seqno)
      FROM pragma_index_xinfo(m.name) AS c WHERE c.key = 1
    ) AS columns
    FROM sqlite_master AS m WHERE m.type = 'index'
  ) AS there ON there.name = json_extract(wanted.value, '$[0]')
  WHERE there.tbl_name IS NOT json_extract(wanted.value, '$[1]') OR there.columns IS NOT json_extract(wanted.value, '$[2]')`;

/** "New Columns": the one, if it is missing or of another type. */
export const SPECIFIED_COLUMNS = `
  SELECT 'enforcement_log.execution_time_ms' AS missing
  WHERE NOT EXISTS (SELECT 1 FROM pragma_table_info('enforcement_log') WHERE name = 'execution_time_ms' AND type = 'INTEGER')`;
