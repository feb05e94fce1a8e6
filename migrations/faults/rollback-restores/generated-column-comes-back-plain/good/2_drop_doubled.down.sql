ALTER TABLE boxes ADD COLUMN doubled bigint GENERATED ALWAYS AS (width::bigint * 2) STORED;
