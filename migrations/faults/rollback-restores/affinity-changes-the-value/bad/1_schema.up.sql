-- palindrome: dialect sqlite
CREATE TABLE parcels (id INTEGER PRIMARY KEY, code TEXT NOT NULL);
