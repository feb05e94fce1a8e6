-- palindrome: dialect postgres
CREATE TABLE readings (id integer NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE readings_all PARTITION OF readings DEFAULT;
CREATE INDEX readings_at ON readings (at);
