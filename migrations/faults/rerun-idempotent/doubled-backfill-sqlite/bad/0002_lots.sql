CREATE TABLE IF NOT EXISTS lots (holding_id INTEGER NOT NULL, quantity INTEGER NOT NULL);
INSERT INTO lots SELECT id, quantity FROM holdings;
