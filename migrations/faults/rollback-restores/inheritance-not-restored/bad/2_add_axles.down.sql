ALTER TABLE trucks NO INHERIT vehicles;
ALTER TABLE trucks DROP COLUMN axles;
