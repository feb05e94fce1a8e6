DROP VIEW active_users;
ALTER TABLE users ADD COLUMN note TEXT;
