-- palindrome: dialect postgres
CREATE TABLE themes (id integer PRIMARY KEY, colour text);
