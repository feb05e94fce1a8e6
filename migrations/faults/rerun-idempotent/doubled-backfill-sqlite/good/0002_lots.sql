-- palindrome: lossy lots.* because lots repeat what holdings say, and only this migration writes them
CREATE TABLE IF NOT EXISTS lots (holding_id INTEGER NOT NULL UNIQUE, quantity INTEGER NOT NULL);
INSERT OR IGNORE INTO lots SELECT id, quantity FROM holdings;
