-- palindrome: dialect postgres
CREATE TABLE orders (id integer PRIMARY KEY, total integer);
CREATE TABLE history (order_id integer, total integer);
