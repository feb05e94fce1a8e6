-- palindrome: dialect postgres
CREATE TABLE jobs (id integer PRIMARY KEY, state text);
CREATE RULE jobs_changed AS ON UPDATE TO jobs DO ALSO NOTIFY jobs;
