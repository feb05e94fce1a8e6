-- palindrome: dialect postgres
CREATE TABLE people (id bigint PRIMARY KEY, note text);
