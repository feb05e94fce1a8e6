-- palindrome: dialect postgres
CREATE TABLE sales (id integer PRIMARY KEY, shop text, amount integer);
CREATE MATERIALIZED VIEW totals AS SELECT shop, count(*) AS sales FROM sales GROUP BY shop;
