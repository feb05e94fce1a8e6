-- palindrome: dialect postgres
CREATE TABLE pages (id integer PRIMARY KEY, body text);
ALTER TABLE pages ALTER COLUMN body SET STORAGE MAIN;
