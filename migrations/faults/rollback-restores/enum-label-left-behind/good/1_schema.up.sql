-- palindrome: dialect postgres
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE days (id integer PRIMARY KEY);
