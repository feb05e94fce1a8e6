-- palindrome: dialect postgres
CREATE TABLE IF NOT EXISTS holdings (id integer PRIMARY KEY, quantity numeric(20, 8) NOT NULL);
