-- palindrome: dialect postgres
CREATE TABLE events (id integer PRIMARY KEY, key text NOT NULL);
CREATE UNIQUE INDEX events_key ON events (key);
