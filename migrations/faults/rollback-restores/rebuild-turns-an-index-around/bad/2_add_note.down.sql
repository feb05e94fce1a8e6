CREATE TABLE tickets_new (id INTEGER PRIMARY KEY, email TEXT, closed INTEGER);
INSERT INTO tickets_new SELECT id, email, closed FROM tickets;
DROP TABLE tickets;
ALTER TABLE tickets_new RENAME TO tickets;
CREATE INDEX tickets_latest ON tickets (closed, id);
