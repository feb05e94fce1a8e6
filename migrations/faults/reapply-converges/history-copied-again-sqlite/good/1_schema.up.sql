-- palindrome: dialect sqlite
CREATE TABLE orders (id INTEGER PRIMARY KEY, total INTEGER);
