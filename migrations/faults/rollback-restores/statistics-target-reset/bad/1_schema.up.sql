-- palindrome: dialect postgres
CREATE TABLE visits (id integer PRIMARY KEY, page text);
ALTER TABLE visits ALTER COLUMN page SET STATISTICS 500;
