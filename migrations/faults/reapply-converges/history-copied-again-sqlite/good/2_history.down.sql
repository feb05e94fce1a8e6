DROP INDEX orders_total;
DROP TABLE history;
