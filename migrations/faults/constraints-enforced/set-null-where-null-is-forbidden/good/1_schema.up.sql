-- palindrome: dialect postgres
CREATE TABLE conversations (id integer PRIMARY KEY);
