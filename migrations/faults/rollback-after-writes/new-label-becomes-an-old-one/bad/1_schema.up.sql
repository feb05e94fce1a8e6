-- palindrome: dialect postgres
CREATE TYPE state AS ENUM ('open', 'done');
CREATE TABLE tasks (id integer PRIMARY KEY, state state NOT NULL);
