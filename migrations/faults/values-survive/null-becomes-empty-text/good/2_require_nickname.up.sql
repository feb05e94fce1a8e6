ALTER TABLE people ADD COLUMN shown_name TEXT NOT NULL DEFAULT '';
UPDATE people SET shown_name = COALESCE(nickname, '');
