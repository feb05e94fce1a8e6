-- palindrome: dialect sqlite
CREATE TABLE words (word TEXT PRIMARY KEY NOT NULL, count INTEGER) WITHOUT ROWID;
