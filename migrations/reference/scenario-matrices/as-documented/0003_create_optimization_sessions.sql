-- One run of the optimizer over a cached matrix.
CREATE TABLE IF NOT EXISTS optimization_sessions (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  matrix_id UUID NOT NULL REFERENCES scenario_matrices (id),
  status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'running', 'complete', 'failed')),
  optimization_config JSONB NOT NULL,
  objective_value NUMERIC(20, 8),
  result_weights JSONB,
  started_at TIMESTAMPTZ,
  completed_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  CONSTRAINT optimization_sessions_end_after_start CHECK (completed_at >= started_at)
);

CREATE INDEX IF NOT EXISTS idx_optimization_sessions_matrix_id ON optimization_sessions (matrix_id);
CREATE INDEX IF NOT EXISTS idx_optimization_sessions_status ON optimization_sessions (status);
