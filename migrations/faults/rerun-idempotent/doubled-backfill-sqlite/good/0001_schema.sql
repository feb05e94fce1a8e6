-- palindrome: dialect sqlite
CREATE TABLE IF NOT EXISTS holdings (id INTEGER PRIMARY KEY, quantity INTEGER NOT NULL);
