-- palindrome: dialect postgres
CREATE TABLE posts (id bigint PRIMARY KEY, title text COLLATE "C" NOT NULL);
