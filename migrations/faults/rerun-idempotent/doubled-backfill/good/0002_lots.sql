-- palindrome: lossy lots.* because lots repeat what holdings say, and only this migration writes them
CREATE TABLE IF NOT EXISTS lots (holding_id integer NOT NULL, quantity numeric(20, 8) NOT NULL);
INSERT INTO lots SELECT id, quantity FROM holdings
WHERE NOT EXISTS (SELECT FROM lots WHERE lots.holding_id = holdings.id);
