DROP VIEW own_users;
CREATE VIEW own_users AS SELECT id FROM users WHERE tenant = current_user;
