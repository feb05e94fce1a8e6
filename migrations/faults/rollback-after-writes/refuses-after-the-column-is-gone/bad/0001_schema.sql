-- palindrome: dialect postgres
BEGIN;
CREATE TABLE IF NOT EXISTS jobs (id integer PRIMARY KEY, key text NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS jobs_key ON jobs (key);
COMMIT;
