ALTER TABLE events SET UNLOGGED;
ALTER TABLE events ADD COLUMN source text;
UPDATE events SET source = 'import';
