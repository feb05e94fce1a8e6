-- palindrome: dialect postgres
CREATE TABLE accounts (code text PRIMARY KEY);
