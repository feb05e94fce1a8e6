-- palindrome: dialect postgres
CREATE TABLE IF NOT EXISTS users (id integer PRIMARY KEY, fax text, name text);
