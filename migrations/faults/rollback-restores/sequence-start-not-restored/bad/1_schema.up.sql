-- palindrome: dialect postgres
CREATE TABLE invoices (id integer PRIMARY KEY, number bigint);
CREATE SEQUENCE invoice_numbers START WITH 50000;
