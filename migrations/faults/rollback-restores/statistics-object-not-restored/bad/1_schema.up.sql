-- palindrome: dialect postgres
CREATE TABLE addresses (id integer PRIMARY KEY, zip text, city text, country text);
CREATE STATISTICS address_parts (dependencies) ON zip, city, country FROM addresses;
