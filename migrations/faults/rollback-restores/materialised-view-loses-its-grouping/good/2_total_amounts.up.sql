DROP MATERIALIZED VIEW totals;
CREATE MATERIALIZED VIEW totals AS SELECT shop, sum(amount) AS amount FROM sales GROUP BY shop;
