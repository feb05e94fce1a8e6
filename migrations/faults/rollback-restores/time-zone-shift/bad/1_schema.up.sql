-- palindrome: dialect postgres
CREATE TABLE meetings (id integer PRIMARY KEY, starts timestamp);
