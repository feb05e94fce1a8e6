-- palindrome: dialect sqlite
CREATE TABLE tickets (id INTEGER PRIMARY KEY, email TEXT, closed INTEGER);
CREATE INDEX open_tickets ON tickets (email) WHERE closed = 0;
