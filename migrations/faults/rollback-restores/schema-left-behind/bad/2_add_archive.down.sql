DROP TABLE archive.orders;
