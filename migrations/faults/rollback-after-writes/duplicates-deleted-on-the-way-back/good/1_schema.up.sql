-- palindrome: dialect postgres
CREATE TABLE contacts (id integer PRIMARY KEY, email text NOT NULL);
CREATE UNIQUE INDEX contacts_email ON contacts (email);
