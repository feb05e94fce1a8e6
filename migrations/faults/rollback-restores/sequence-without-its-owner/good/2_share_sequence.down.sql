ALTER TABLE tickets DROP COLUMN shared_id;
ALTER SEQUENCE tickets_id_seq OWNED BY tickets.id;
