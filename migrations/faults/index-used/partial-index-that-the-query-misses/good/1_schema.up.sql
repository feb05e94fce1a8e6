-- palindrome: dialect postgres
CREATE TABLE jobs (id integer PRIMARY KEY, queue integer NOT NULL, run_at timestamptz NOT NULL, done_at timestamptz);
