-- palindrome: dialect postgres
CREATE TABLE holdings (id integer PRIMARY KEY, quantity numeric(20, 8) NOT NULL);
