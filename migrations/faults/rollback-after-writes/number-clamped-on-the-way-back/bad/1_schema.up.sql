-- palindrome: dialect postgres
CREATE TABLE plans (id integer PRIMARY KEY, seats integer NOT NULL);
