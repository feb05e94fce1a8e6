-- palindrome: dialect sqlite
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
CREATE TRIGGER users_kept BEFORE DELETE ON users WHEN OLD.email = 'root' BEGIN
  SELECT RAISE(ABORT, 'root stays');
END;
