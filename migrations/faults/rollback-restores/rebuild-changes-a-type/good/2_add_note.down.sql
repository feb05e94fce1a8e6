CREATE TABLE payments_new (id INTEGER PRIMARY KEY, reference TEXT CHECK (reference IN ('a', 'b')));
INSERT INTO payments_new SELECT id, reference FROM payments;
DROP TABLE payments;
ALTER TABLE payments_new RENAME TO payments;
