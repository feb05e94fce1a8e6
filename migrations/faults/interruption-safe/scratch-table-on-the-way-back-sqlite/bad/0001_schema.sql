-- palindrome: dialect sqlite
CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
CREATE VIEW titles AS SELECT DISTINCT title FROM notes;
