-- palindrome: dialect postgres
CREATE TABLE people (id integer PRIMARY KEY, given_name text, family_name text);
