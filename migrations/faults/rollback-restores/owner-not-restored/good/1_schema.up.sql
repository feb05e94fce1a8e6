CREATE TABLE reports (id integer PRIMARY KEY);
