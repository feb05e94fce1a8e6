/** The document's verification of Phase 4 as invariants, and what its "Migration Scope" lists. */
import { analyticsQueries } from '../analytics-queries.ts';
import { SPECIFIED_COLUMNS, SPECIFIED_INDEXES, V1_TABLES_EXIST } from '../specification.ts';

const CORE = '0002';
const INDEXES = '0003';
const ALL = '0004';

export default {
  dialect: 'sqlite',
  layout: 'plain',
  queries: analyticsQueries(INDEXES, ALL),
  invariants: [
    {
      // Check 1. True from the core script on: version 2 is recorded before its indexes exist.
      id: 'verify-v2-version',
      from: CORE,
      sql: 'SELECT MAX(version) AS version FROM schema_version WHERE success = 1 HAVING MAX(version) IS NOT 2',
    },
    // Checks 2 and 3.
    { id: 'verify-v2-tables', sql: V1_TABLES_EXIST },
    {
      id: 'verify-v2-has-schema-version',
      from: CORE,
      sql: "SELECT 'schema_version' AS missing WHERE NOT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_version')",
    },
    {
      // Check 5, by name alone. It does not see which columns an index has, nor whether `execution_time_ms` is there.
      id: 'verify-v2-indexes',
      from: INDEXES,
      sql: `
        SELECT wanted.value AS missing
        FROM json_each('["idx_enforcement_log_success", "idx_positions_updated", "idx_orders_state_account", "idx_schema_version_applied"]') AS wanted
        WHERE wanted.value NOT IN (SELECT name FROM sqlite_master WHERE type = 'index')`,
    },
    {
      // Check 6.
      id: 'verify-v2-integrity',
      sql: "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
    },
    { id: 'specified-indexes', from: ALL, sql: SPECIFIED_INDEXES },
    { id: 'version-2-has-execution-time', from: ALL, sql: SPECIFIED_COLUMNS },
  ],
  // Generated rows know no other versions than the two that the core script records.
  prepare: [{ from: CORE, sql: 'DELETE FROM schema_version WHERE version NOT IN (1, 2)' }],
};
