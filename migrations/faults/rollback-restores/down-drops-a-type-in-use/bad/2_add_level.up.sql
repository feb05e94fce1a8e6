CREATE TYPE level AS ENUM ('easy', 'hard');
ALTER TABLE games ADD COLUMN level level;
