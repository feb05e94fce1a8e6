-- palindrome: dialect postgres
CREATE TABLE quotes (id integer PRIMARY KEY, price numeric(12, 4) NOT NULL);
