-- palindrome: dialect postgres
CREATE TABLE keys (id integer PRIMARY KEY, agent text NOT NULL);
