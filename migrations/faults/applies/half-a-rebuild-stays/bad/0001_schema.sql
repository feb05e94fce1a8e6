-- palindrome: dialect sqlite
CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, email TEXT);
