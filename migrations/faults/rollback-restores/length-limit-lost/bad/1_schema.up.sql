-- palindrome: dialect postgres
CREATE TABLE products (id integer PRIMARY KEY, sku varchar(40));
