ALTER SEQUENCE tickets_id_seq OWNED BY NONE;
ALTER TABLE tickets ADD COLUMN shared_id integer DEFAULT nextval('tickets_id_seq');
