-- palindrome: dialect postgres
CREATE TABLE orders (id serial PRIMARY KEY, total integer);
