CREATE TABLE users_new (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
INSERT INTO users_new SELECT id, email FROM users;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;
CREATE TRIGGER users_kept BEFORE DELETE ON users WHEN OLD.email = 'root' BEGIN
  SELECT RAISE(ABORT, 'root stays');
END;
