-- palindrome: dialect postgres
CREATE TABLE codes (id integer PRIMARY KEY, code varchar(40) NOT NULL);
