-- palindrome: dialect postgres
CREATE TABLE snapshots (id integer PRIMARY KEY, taken_at timestamptz NOT NULL, note text);
