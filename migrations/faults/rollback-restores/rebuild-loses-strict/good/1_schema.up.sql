-- palindrome: dialect sqlite
CREATE TABLE counters (id INTEGER PRIMARY KEY, hits INTEGER) STRICT;
