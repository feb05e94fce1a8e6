-- palindrome: dialect sqlite
CREATE TABLE conversations (id INTEGER PRIMARY KEY);
