-- palindrome: dialect sqlite
CREATE TABLE accounts (code TEXT NOT NULL PRIMARY KEY);
