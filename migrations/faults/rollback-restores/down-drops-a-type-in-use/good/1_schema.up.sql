CREATE TABLE games (id integer PRIMARY KEY);
