CREATE SEQUENCE IF NOT EXISTS team_rank;
ALTER TABLE teams ADD COLUMN rank bigint;
UPDATE teams SET rank = nextval('team_rank');
