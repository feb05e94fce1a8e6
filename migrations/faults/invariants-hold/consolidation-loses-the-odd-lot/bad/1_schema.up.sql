-- palindrome: dialect postgres
CREATE TABLE lots (id integer PRIMARY KEY, bought_on date NOT NULL CHECK (isfinite(bought_on)),
  bought integer NOT NULL CHECK (bought BETWEEN 1 AND 1000000), remaining integer NOT NULL CHECK (remaining BETWEEN 0 AND bought));
