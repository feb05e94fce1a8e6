/** The document's verification, sharper: version 2 is recorded exactly when everything that it stands for is there. */
import { analyticsQueries } from '../analytics-queries.ts';
import { SPECIFIED_COLUMNS, SPECIFIED_INDEXES, V1_TABLES_EXIST } from '../specification.ts';

const BASELINE = '0002';
const VERSION_2 = '0004';
const OPTIONAL = '0005';

export default {
  dialect: 'sqlite',
  layout: 'plain',
  queries: analyticsQueries('0003', OPTIONAL),
  invariants: [
    { id: 'v1-tables-exist', sql: V1_TABLES_EXIST },
    {
      id: 'integrity',
      sql: "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
    },
    {
      id: 'one-baseline',
      from: BASELINE,
      sql: 'SELECT 1 AS version WHERE NOT EXISTS (SELECT 1 FROM schema_version WHERE version = 1)',
    },
    {
      id: 'version-2-is-recorded',
      from: VERSION_2,
      sql: 'SELECT 2 AS version WHERE NOT EXISTS (SELECT 1 FROM schema_version WHERE version = 2)',
    },
    { id: 'version-2-has-its-column', from: VERSION_2, sql: SPECIFIED_COLUMNS },
    { id: 'specified-indexes', from: OPTIONAL, sql: SPECIFIED_INDEXES },
    {
      id: 'the-counter-is-not-behind-the-log',
      sql: `
        SELECT l.id, s.seq FROM enforcement_log l LEFT JOIN sqlite_sequence s ON s.name = 'enforcement_log'
        WHERE s.seq IS NULL OR l.id > s.seq`,
    },
  ],
};
