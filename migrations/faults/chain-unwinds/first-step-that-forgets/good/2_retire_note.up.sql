ALTER TABLE people RENAME COLUMN note TO unused_note;
