DROP TABLE prices;
DROP DOMAIN currency;
