-- palindrome: dialect postgres
CREATE TABLE people (id integer PRIMARY KEY, phone text NOT NULL);
