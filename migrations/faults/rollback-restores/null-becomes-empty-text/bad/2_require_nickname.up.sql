UPDATE people SET nickname = '' WHERE nickname IS NULL;
ALTER TABLE people ALTER COLUMN nickname SET NOT NULL;
