-- palindrome: claims idempotent
-- palindrome: lossy titles.* because titles repeat what notes say, and only this migration writes them
DROP TABLE IF EXISTS scratch;
CREATE TABLE IF NOT EXISTS titles (title text PRIMARY KEY);
CREATE TABLE scratch AS SELECT DISTINCT title FROM notes;
INSERT INTO titles SELECT title FROM scratch WHERE title NOT IN (SELECT title FROM titles);
DROP TABLE scratch;
