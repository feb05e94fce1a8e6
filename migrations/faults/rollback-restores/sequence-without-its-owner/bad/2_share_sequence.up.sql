ALTER SEQUENCE tickets_id_seq OWNED BY NONE;
ALTER TABLE tickets ADD COLUMN shared_id integer;
ALTER TABLE tickets ALTER COLUMN shared_id SET DEFAULT nextval('tickets_id_seq');
