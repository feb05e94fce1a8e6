-- palindrome: dialect postgres
CREATE TABLE events (id integer PRIMARY KEY, at timestamptz);
