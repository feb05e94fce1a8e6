-- palindrome: dialect postgres
CREATE TABLE users (id integer PRIMARY KEY, name text, is_active boolean NOT NULL);
CREATE VIEW active_users AS SELECT id FROM users WHERE is_active;
GRANT SELECT ON active_users TO reporting;
