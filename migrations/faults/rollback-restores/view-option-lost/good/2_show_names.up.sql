CREATE OR REPLACE VIEW own_users WITH (security_barrier = true) AS SELECT id, name FROM users WHERE tenant = current_user;
