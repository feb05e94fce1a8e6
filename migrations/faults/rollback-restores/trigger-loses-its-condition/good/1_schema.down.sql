DROP TABLE prices;
DROP FUNCTION note_price();
