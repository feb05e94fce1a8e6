-- palindrome: dialect postgres
CREATE TABLE IF NOT EXISTS events (id integer PRIMARY KEY, at timestamptz);
