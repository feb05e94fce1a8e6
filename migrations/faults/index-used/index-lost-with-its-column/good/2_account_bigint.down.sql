ALTER TABLE events ALTER account TYPE integer;
