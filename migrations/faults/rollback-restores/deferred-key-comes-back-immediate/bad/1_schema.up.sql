-- palindrome: dialect postgres
CREATE TABLE orders (id integer PRIMARY KEY);
CREATE TABLE items (id integer PRIMARY KEY, order_id integer REFERENCES orders DEFERRABLE INITIALLY DEFERRED);
