-- palindrome: dialect postgres
CREATE TABLE posts (id integer PRIMARY KEY, title text NOT NULL);
