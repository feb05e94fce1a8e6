DROP TABLE tickets;
DROP SEQUENCE IF EXISTS tickets_id_seq;
