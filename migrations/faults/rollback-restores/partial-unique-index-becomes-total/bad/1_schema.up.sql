-- palindrome: dialect postgres
CREATE TABLE carts (id integer PRIMARY KEY, owner integer NOT NULL, is_open boolean NOT NULL);
CREATE UNIQUE INDEX carts_one_open ON carts (owner) WHERE is_open;
