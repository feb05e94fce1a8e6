-- palindrome: dialect sqlite
CREATE TABLE events (id INTEGER PRIMARY KEY, at TEXT);
