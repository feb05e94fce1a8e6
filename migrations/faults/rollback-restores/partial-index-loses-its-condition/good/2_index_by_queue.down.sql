DROP INDEX jobs_open;
CREATE INDEX jobs_open ON jobs (id) WHERE NOT done;
