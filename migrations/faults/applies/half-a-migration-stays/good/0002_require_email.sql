-- palindrome: precondition SELECT * FROM users WHERE email IS NULL because such users are invited again by hand first
BEGIN;
CREATE TABLE IF NOT EXISTS invitations (id integer PRIMARY KEY);
ALTER TABLE users ALTER COLUMN email SET NOT NULL;
COMMIT;
