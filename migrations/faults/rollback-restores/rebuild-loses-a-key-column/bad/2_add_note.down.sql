CREATE TABLE seats_new (hall TEXT NOT NULL, seat TEXT NOT NULL, PRIMARY KEY (seat, hall));
INSERT INTO seats_new SELECT hall, seat FROM seats;
DROP TABLE seats;
ALTER TABLE seats_new RENAME TO seats;
