DROP VIEW active_users;
CREATE VIEW active_users AS SELECT id FROM users WHERE is_active;
