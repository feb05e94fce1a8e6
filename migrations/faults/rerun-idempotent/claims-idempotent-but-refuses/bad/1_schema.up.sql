-- palindrome: dialect postgres
CREATE TABLE parts (id integer PRIMARY KEY, weight integer);
