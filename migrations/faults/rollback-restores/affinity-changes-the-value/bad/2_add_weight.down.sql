CREATE TABLE parcels_old (id INTEGER PRIMARY KEY, code TEXT NOT NULL);
INSERT INTO parcels_old SELECT id, code FROM parcels;
DROP TABLE parcels;
ALTER TABLE parcels_old RENAME TO parcels;
