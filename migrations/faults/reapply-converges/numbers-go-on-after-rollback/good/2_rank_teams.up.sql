ALTER TABLE teams ADD COLUMN rank bigint;
UPDATE teams SET rank = (SELECT count(*) FROM teams AS other WHERE other.id <= teams.id);
