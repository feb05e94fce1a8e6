-- palindrome: dialect sqlite
CREATE TABLE items (id INTEGER PRIMARY KEY, price INTEGER, total INTEGER GENERATED ALWAYS AS (price * 2) STORED);
