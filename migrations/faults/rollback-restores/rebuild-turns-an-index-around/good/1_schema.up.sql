-- palindrome: dialect sqlite
CREATE TABLE tickets (id INTEGER PRIMARY KEY, email TEXT, closed INTEGER);
CREATE INDEX tickets_latest ON tickets (closed, id DESC);
