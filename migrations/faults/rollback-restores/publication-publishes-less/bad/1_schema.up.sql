-- palindrome: dialect postgres
CREATE TABLE orders (id integer PRIMARY KEY);
CREATE PUBLICATION shop FOR TABLE orders WITH (publish = 'insert, update, delete');
