-- palindrome: dialect postgres
CREATE TABLE items (id integer PRIMARY KEY, price integer NOT NULL, CONSTRAINT price_positive CHECK (price > 0));
