ALTER TABLE readings SET UNLOGGED;
ALTER TABLE readings ADD COLUMN IF NOT EXISTS label text;
UPDATE readings SET label = 'reading ' || id;
ALTER TABLE readings SET LOGGED;
