-- palindrome: dialect sqlite
CREATE TABLE seats (hall TEXT NOT NULL, seat TEXT NOT NULL, PRIMARY KEY (hall, seat));
