-- palindrome: dialect postgres
CREATE TABLE items (id integer PRIMARY KEY, quantity integer NOT NULL);
