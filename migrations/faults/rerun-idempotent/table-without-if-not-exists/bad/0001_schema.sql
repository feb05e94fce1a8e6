-- palindrome: dialect sqlite
CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY);
