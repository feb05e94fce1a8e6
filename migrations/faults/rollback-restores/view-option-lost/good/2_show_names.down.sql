DROP VIEW own_users;
CREATE VIEW own_users WITH (security_barrier = true) AS SELECT id FROM users WHERE tenant = current_user;
