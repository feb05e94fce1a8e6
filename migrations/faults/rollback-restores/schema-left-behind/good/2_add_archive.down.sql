DROP TABLE archive.orders;
DROP SCHEMA archive;
