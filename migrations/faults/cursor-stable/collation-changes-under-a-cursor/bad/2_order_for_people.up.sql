ALTER TABLE posts ALTER COLUMN title TYPE text COLLATE "und-x-icu";
