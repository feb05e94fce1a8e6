ALTER TABLE people ALTER COLUMN note TYPE text COLLATE "default";
