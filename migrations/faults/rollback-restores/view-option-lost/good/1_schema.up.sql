-- palindrome: dialect postgres
CREATE TABLE users (id integer PRIMARY KEY, name text, tenant text);
CREATE VIEW own_users WITH (security_barrier = true) AS SELECT id FROM users WHERE tenant = current_user;
