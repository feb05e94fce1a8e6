DROP TABLE owners;
DROP DOMAIN share;
