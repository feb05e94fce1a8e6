ALTER TABLE readings ADD COLUMN IF NOT EXISTS label text;
UPDATE readings SET label = 'reading ' || id;
