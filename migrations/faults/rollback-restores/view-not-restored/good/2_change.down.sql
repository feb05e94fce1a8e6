ALTER TABLE users DROP COLUMN note;
CREATE VIEW active_users AS SELECT id FROM users WHERE active = 1;
