/**
 * What the document's schema tests check on the model, asked of the database: the columns that its first task adds, the indices by name, and that the
 * foreign key is gone. Shared by the configurations of both forms and by the claims.
 */

const COLUMNS: readonly string[] = ['matrix_key', 'fund_id', 'taxonomy_version'];

/** The indices that the document names. */
export const NAMED_INDICES: readonly string[] = [
  'idx_scenario_matrices_fund_tax_status',
  'idx_scenario_matrices_matrix_key',
  'idx_scenario_matrices_status',
];

const MATRICES = '0002';

/** Queries that return what is not as the document says. */
export const SCHEMA_TESTS = [
  {
    id: 'columns-are-text-and-not-null',
    from: MATRICES,
    sql: `SELECT wanted FROM unnest(ARRAY[${quoted(COLUMNS)}]) AS wanted
          WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = to_regclass('scenario_matrices')
            AND a.attname = wanted AND a.atttypid = 'text'::regtype AND a.attnotnull)`,
  },
  {
    id: 'indices-are-there',
    from: MATRICES,
    sql: `SELECT wanted FROM unnest(ARRAY[${quoted(NAMED_INDICES)}]) AS wanted
          WHERE NOT EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = to_regclass(wanted) AND i.indisvalid)`,
  },
  {
    id: 'matrix-key-is-unique',
    from: MATRICES,
    sql: `SELECT 'matrix_key' AS not_unique
          WHERE NOT EXISTS (SELECT FROM pg_index i
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = to_regclass('scenario_matrices') AND i.indisunique AND i.indisvalid
              AND i.indnkeyatts = 1 AND i.indpred IS NULL AND a.attname = 'matrix_key')`,
  },
  {
    id: 'no-foreign-key-leaves-the-cache',
    from: MATRICES,
    sql: `SELECT c.conname FROM pg_constraint c WHERE c.contype = 'f' AND c.conrelid = to_regclass('scenario_matrices')`,
  },
];

/** A row whose key is not the hash of the scenario that it holds would give somebody another scenario's matrix. */
export const KEY_IS_THE_HASH_OF_THE_SCENARIO = {
  id: 'matrix-key-is-the-hash-of-its-scenario',
  from: MATRICES,
  sql: `SELECT id, matrix_key, scenario_config FROM scenario_matrices
        WHERE matrix_key <> encode(sha256(convert_to(scenario_config, 'UTF8')), 'hex')`,
};

/** Generated rows know nothing of hashes: each gets a canonical text of its own, and that text's hash. */
export const HASH_GENERATED_SCENARIOS = {
  from: MATRICES,
  sql: `UPDATE scenario_matrices SET
          scenario_config = format('{"config":%s,"fundId":%s,"taxonomyVersion":%s}', to_json(id::text), to_json(fund_id), to_json(taxonomy_version)),
          matrix_key = encode(sha256(convert_to(format('{"config":%s,"fundId":%s,"taxonomyVersion":%s}',
            to_json(id::text), to_json(fund_id), to_json(taxonomy_version)), 'UTF8')), 'hex')`,
};

/** What the indices are for: the lookup by key, the lists of a fund and of a status, the next job, the sessions of a matrix. */
export const QUERIES = [
  {
    id: 'matrix-by-key',
    from: MATRICES,
    sql: 'SELECT id, status, matrix FROM scenario_matrices WHERE matrix_key = $1',
    params: ['(SELECT max(matrix_key) FROM scenario_matrices)'],
    index: ['idx_scenario_matrices_matrix_key', 'scenario_matrices_matrix_key_key'],
  },
  {
    id: 'matrices-of-a-fund',
    from: MATRICES,
    sql: 'SELECT id FROM scenario_matrices WHERE fund_id = $1 AND taxonomy_version = $2 AND status = $3',
    params: ['fund_id', 'taxonomy_version', 'status'].map((column) => `(SELECT ${column} FROM scenario_matrices ORDER BY id LIMIT 1)`),
    index: 'idx_scenario_matrices_fund_tax_status',
  },
  {
    id: 'next-job',
    sql: `SELECT id FROM job_outbox WHERE status = 'pending' AND scheduled_for <= $1 ORDER BY scheduled_for LIMIT 1`,
    params: ['(SELECT max(scheduled_for) FROM job_outbox)'],
    index: 'idx_job_outbox_status_scheduled_for',
  },
  {
    id: 'sessions-of-a-matrix',
    from: '0003',
    sql: 'SELECT id FROM optimization_sessions WHERE matrix_id = $1',
    params: ['(SELECT matrix_id FROM optimization_sessions ORDER BY id LIMIT 1)'],
    index: 'idx_optimization_sessions_matrix_id',
  },
];

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
