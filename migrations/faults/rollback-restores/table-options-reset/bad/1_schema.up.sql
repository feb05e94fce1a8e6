-- palindrome: dialect postgres
CREATE TABLE counters (id integer PRIMARY KEY, n integer NOT NULL) WITH (fillfactor = 70);
