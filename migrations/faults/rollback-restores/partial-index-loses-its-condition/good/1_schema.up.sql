-- palindrome: dialect postgres
CREATE TABLE jobs (id integer PRIMARY KEY, queue text NOT NULL, done boolean NOT NULL);
CREATE INDEX jobs_open ON jobs (id) WHERE NOT done;
