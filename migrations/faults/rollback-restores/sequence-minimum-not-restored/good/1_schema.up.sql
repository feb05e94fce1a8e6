-- palindrome: dialect postgres
CREATE TABLE invoices (id integer PRIMARY KEY, number bigint);
CREATE SEQUENCE invoice_numbers MINVALUE 1000 START 1000;
