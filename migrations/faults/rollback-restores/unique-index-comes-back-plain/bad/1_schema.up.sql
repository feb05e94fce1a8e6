-- palindrome: dialect postgres
CREATE TABLE orders (id integer PRIMARY KEY, reference varchar(40) NOT NULL);
CREATE UNIQUE INDEX orders_reference ON orders (reference);
