ALTER TABLE events ALTER account TYPE bigint;
