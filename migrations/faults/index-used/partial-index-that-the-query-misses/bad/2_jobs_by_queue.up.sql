CREATE INDEX jobs_queue_idx ON jobs (queue, run_at) WHERE done_at IS NOT NULL;
