-- palindrome: dialect postgres
CREATE TABLE orders (id integer PRIMARY KEY);
CREATE TABLE items (id integer PRIMARY KEY);
CREATE TABLE notes (id integer PRIMARY KEY);
CREATE PUBLICATION shop FOR TABLE orders;
