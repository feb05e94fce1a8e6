-- palindrome: dialect postgres
CREATE TABLE posts (id integer PRIMARY KEY, title text);
CREATE INDEX posts_title ON posts (title);
