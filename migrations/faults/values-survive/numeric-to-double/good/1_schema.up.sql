-- palindrome: dialect postgres
CREATE TABLE weights (id integer PRIMARY KEY, grams numeric(30, 10) NOT NULL);
