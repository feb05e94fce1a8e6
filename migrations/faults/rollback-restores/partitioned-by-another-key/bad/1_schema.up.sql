-- palindrome: dialect postgres
CREATE TABLE logs (id integer NOT NULL, level text NOT NULL) PARTITION BY LIST (level);
CREATE TABLE logs_all PARTITION OF logs DEFAULT;
