-- palindrome: dialect postgres
CREATE TABLE posts (id bigint PRIMARY KEY, priority integer NOT NULL, title text);
