-- palindrome: dialect postgres
CREATE TABLE items (id integer PRIMARY KEY, quantity integer NOT NULL,
  CONSTRAINT items_quantity CHECK (quantity BETWEEN 1 AND 100));
