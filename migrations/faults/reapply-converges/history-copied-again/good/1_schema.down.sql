DROP TABLE history;
DROP TABLE orders;
