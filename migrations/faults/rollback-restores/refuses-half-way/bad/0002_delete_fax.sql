-- palindrome: irreversible because the numbers are deleted for good
ALTER TABLE users DROP COLUMN IF EXISTS fax;
CREATE INDEX IF NOT EXISTS users_id_name ON users (id, md5(name));
