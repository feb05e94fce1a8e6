-- palindrome: dialect postgres
CREATE TABLE IF NOT EXISTS products (id integer PRIMARY KEY, price numeric NOT NULL);
