-- palindrome: dialect postgres
CREATE TABLE shops (id integer PRIMARY KEY);
