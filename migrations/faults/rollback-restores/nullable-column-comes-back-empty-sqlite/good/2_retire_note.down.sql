ALTER TABLE people RENAME COLUMN unused_note TO note;
