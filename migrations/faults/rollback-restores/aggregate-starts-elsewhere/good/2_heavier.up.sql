DROP AGGREGATE total_weight (integer);
CREATE AGGREGATE total_weight (integer) (SFUNC = int4larger, STYPE = integer, INITCOND = '0');
