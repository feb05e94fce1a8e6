-- palindrome: dialect sqlite
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, active INTEGER);
CREATE TRIGGER users_named AFTER UPDATE OF name ON users WHEN NEW.name IS NULL BEGIN SELECT 1; END;
