-- palindrome: dialect postgres
CREATE TABLE views (id integer PRIMARY KEY, total bigint NOT NULL);
