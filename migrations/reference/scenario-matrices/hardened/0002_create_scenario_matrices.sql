-- palindrome: rerun refuse
-- A cache of computed matrices. No foreign key to portfolio_scenarios: scenarios are cached that are not stored there (yet).
-- The index on matrix_key is the uniqueness: a UNIQUE constraint beside it would keep the same index twice.
-- CREATE TABLE without IF NOT EXISTS: where the table is there already, it is not ours, and the rollback must not drop it.
BEGIN;

CREATE TABLE scenario_matrices (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  matrix_key TEXT NOT NULL,
  fund_id TEXT NOT NULL,
  taxonomy_version TEXT NOT NULL,
  scenario_config TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'processing', 'complete', 'failed')),
  matrix BYTEA,
  error_message TEXT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  CONSTRAINT scenario_matrices_complete_has_matrix CHECK (status <> 'complete' OR matrix IS NOT NULL)
);

CREATE INDEX idx_scenario_matrices_fund_tax_status ON scenario_matrices (fund_id, taxonomy_version, status);
CREATE UNIQUE INDEX idx_scenario_matrices_matrix_key ON scenario_matrices (matrix_key);
CREATE INDEX idx_scenario_matrices_status ON scenario_matrices (status);

COMMIT;
