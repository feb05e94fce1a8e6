-- palindrome: dialect sqlite
CREATE TABLE IF NOT EXISTS jobs (id INTEGER PRIMARY KEY, key TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS jobs_key ON jobs (key);
