-- palindrome: dialect sqlite
CREATE TABLE payments (id INTEGER PRIMARY KEY, legacy_code INTEGER NOT NULL);
