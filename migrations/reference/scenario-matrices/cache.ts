/** How the cache uses its table: two statements, which hold what is promised of the key together with the index that makes it unique. */

/**
 * Notes a scenario: `$1` its key, `$2` fund, `$3` taxonomy version, `$4` its canonical text. Returns the one row's id, whoever made it, however many
 * do it at once. Returns no row where the key belongs to another scenario already (a collision): that row stays as it is.
 */
export const REMEMBER = `
  INSERT INTO scenario_matrices (matrix_key, fund_id, taxonomy_version, scenario_config) VALUES ($1, $2, $3, $4)
  ON CONFLICT (matrix_key) DO UPDATE SET updated_at = now() WHERE scenario_matrices.scenario_config = excluded.scenario_config
  RETURNING id`;

/** Looks a scenario up: `$1` its key, `$2` its canonical text. The text is compared, so that a collision finds nothing rather than another's matrix. */
export const RECALL = `SELECT id, status, matrix FROM scenario_matrices WHERE matrix_key = $1 AND scenario_config = $2`;
