-- palindrome: dialect postgres
CREATE TABLE people (id integer PRIMARY KEY, note text);
