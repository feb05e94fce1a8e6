-- palindrome: dialect postgres
CREATE TABLE notes (id integer PRIMARY KEY, body text, is_archived boolean NOT NULL);
