DROP INDEX jobs_queue_idx;
