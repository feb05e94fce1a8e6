ALTER TABLE tickets DROP COLUMN shared_id;
