ALTER TABLE readings DETACH PARTITION readings_old;
DROP INDEX readings_old_id;
