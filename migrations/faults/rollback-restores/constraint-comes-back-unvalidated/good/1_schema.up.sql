-- palindrome: dialect postgres
CREATE TABLE stock (id integer PRIMARY KEY, amount integer NOT NULL,
  CONSTRAINT stock_amount CHECK (amount >= 0));
