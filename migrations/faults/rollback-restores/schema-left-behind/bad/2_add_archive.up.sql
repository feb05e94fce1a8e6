CREATE SCHEMA archive;
CREATE TABLE archive.orders (id integer PRIMARY KEY);
