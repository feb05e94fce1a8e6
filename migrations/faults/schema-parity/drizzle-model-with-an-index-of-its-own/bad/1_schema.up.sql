-- palindrome: dialect postgres
CREATE TABLE snapshots (id integer PRIMARY KEY, version bigint NOT NULL DEFAULT 0, taken_at timestamptz NOT NULL, note text);
