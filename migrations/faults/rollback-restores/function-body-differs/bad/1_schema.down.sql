DROP FUNCTION gross(integer);
DROP TABLE sales;
