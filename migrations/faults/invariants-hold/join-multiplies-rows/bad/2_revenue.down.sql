DROP TABLE revenue;
