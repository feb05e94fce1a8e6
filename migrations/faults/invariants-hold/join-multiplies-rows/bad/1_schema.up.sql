-- palindrome: dialect postgres
CREATE TABLE orders (id integer PRIMARY KEY, total integer NOT NULL);
CREATE TABLE order_tags (order_id integer NOT NULL REFERENCES orders (id), tag integer NOT NULL, PRIMARY KEY (order_id, tag));
