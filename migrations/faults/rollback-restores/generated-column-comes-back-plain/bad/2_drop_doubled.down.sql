ALTER TABLE boxes ADD COLUMN doubled bigint;
UPDATE boxes SET doubled = width::bigint * 2;
