CREATE TABLE carts (id integer PRIMARY KEY);
CREATE TABLE cart_items (id integer PRIMARY KEY, cart_id integer NOT NULL REFERENCES carts (id));
