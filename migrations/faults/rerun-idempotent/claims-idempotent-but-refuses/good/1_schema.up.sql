CREATE TABLE parts (id integer PRIMARY KEY, weight integer);
