-- palindrome: rows currencies because the reference rows are inserted
-- palindrome: lossy seeded_currencies.* because only this migration writes it
CREATE TABLE seeded_currencies (code text PRIMARY KEY);
WITH added AS (
  INSERT INTO currencies VALUES ('EUR'), ('USD') ON CONFLICT DO NOTHING RETURNING code
)
INSERT INTO seeded_currencies SELECT code FROM added;
