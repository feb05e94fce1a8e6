DROP TABLE prices;
DROP FUNCTION keep_price();
