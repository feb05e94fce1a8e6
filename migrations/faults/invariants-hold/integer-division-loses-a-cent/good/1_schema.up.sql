-- palindrome: dialect sqlite
CREATE TABLE bills (id INTEGER PRIMARY KEY, cents INTEGER NOT NULL CHECK (typeof(cents) = 'integer' AND cents BETWEEN 0 AND 1000000));
