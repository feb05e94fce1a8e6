-- A cache of computed matrices. No foreign key to portfolio_scenarios: scenarios are cached that are not stored there (yet).
CREATE TABLE IF NOT EXISTS scenario_matrices (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  matrix_key TEXT NOT NULL UNIQUE,
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

CREATE INDEX IF NOT EXISTS idx_scenario_matrices_fund_tax_status ON scenario_matrices (fund_id, taxonomy_version, status);
CREATE INDEX IF NOT EXISTS idx_scenario_matrices_matrix_key ON scenario_matrices (matrix_key);
CREATE INDEX IF NOT EXISTS idx_scenario_matrices_status ON scenario_matrices (status);
