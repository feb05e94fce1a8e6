-- palindrome: dialect postgres
CREATE TABLE posts (id bigint PRIMARY KEY, created_at timestamptz NOT NULL, title text);
