ALTER TABLE meetings ALTER COLUMN starts TYPE timestamp USING starts AT TIME ZONE 'UTC';
