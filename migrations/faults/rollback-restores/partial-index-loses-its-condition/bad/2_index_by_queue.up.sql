DROP INDEX jobs_open;
CREATE INDEX jobs_open ON jobs (queue, id) WHERE NOT done;
