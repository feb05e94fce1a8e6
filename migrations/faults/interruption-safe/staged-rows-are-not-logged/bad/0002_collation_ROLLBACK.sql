CREATE UNLOGGED TABLE IF NOT EXISTS people_notes AS SELECT id, note FROM people;
ALTER TABLE people DROP COLUMN IF EXISTS note;
ALTER TABLE people ADD COLUMN note text;
UPDATE people SET note = kept.note FROM people_notes AS kept WHERE kept.id = people.id;
DROP TABLE people_notes;
