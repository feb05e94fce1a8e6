CREATE TABLE parcels_new (id INTEGER PRIMARY KEY, code NUMERIC NOT NULL, weight REAL);
INSERT INTO parcels_new SELECT id, code, NULL FROM parcels;
DROP TABLE parcels;
ALTER TABLE parcels_new RENAME TO parcels;
