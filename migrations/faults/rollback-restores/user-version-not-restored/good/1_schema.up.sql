-- palindrome: dialect sqlite
CREATE TABLE notes (id INTEGER PRIMARY KEY);
PRAGMA user_version = 41;
