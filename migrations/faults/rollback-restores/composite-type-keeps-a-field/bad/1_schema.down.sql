DROP TABLE shops;
DROP TYPE address;
