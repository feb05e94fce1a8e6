-- palindrome: dialect postgres
CREATE DOMAIN currency AS text DEFAULT 'EUR';
CREATE TABLE prices (id integer PRIMARY KEY, currency currency);
