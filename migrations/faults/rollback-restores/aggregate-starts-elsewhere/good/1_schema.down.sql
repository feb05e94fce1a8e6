DROP AGGREGATE total_weight (integer);
DROP TABLE parts;
