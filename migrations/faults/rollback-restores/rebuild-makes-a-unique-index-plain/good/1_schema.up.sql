-- palindrome: dialect sqlite
CREATE TABLE tickets (id INTEGER PRIMARY KEY, email TEXT, closed INTEGER);
CREATE UNIQUE INDEX tickets_email ON tickets (email, id);
