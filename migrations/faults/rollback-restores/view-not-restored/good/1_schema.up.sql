-- palindrome: dialect sqlite
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, active INTEGER);
CREATE VIEW active_users AS SELECT id FROM users WHERE active = 1;
