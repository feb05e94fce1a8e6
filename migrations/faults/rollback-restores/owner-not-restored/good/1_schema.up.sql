-- palindrome: dialect postgres
CREATE TABLE reports (id integer PRIMARY KEY);
