DROP MATERIALIZED VIEW totals;
CREATE MATERIALIZED VIEW totals AS SELECT shop, count(amount) AS sales FROM sales GROUP BY shop;
