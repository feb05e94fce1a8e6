-- palindrome: dialect postgres
CREATE TABLE boxes (id integer PRIMARY KEY, width integer NOT NULL,
  doubled bigint GENERATED ALWAYS AS (width::bigint * 2) STORED);
