-- palindrome: dialect sqlite
CREATE TABLE notes (id INTEGER PRIMARY KEY);
PRAGMA application_id = 41;
