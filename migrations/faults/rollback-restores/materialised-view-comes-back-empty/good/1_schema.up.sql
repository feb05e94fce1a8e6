-- palindrome: dialect postgres
CREATE TABLE sales (id integer PRIMARY KEY, shop text);
CREATE MATERIALIZED VIEW shops AS SELECT DISTINCT shop FROM sales;
