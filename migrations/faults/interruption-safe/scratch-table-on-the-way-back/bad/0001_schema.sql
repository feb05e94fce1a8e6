-- palindrome: dialect postgres
CREATE TABLE notes (id bigint PRIMARY KEY, title text NOT NULL);
CREATE VIEW titles AS SELECT DISTINCT title FROM notes;
