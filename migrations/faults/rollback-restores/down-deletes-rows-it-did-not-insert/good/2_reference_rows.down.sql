DELETE FROM currencies WHERE is_reference;
ALTER TABLE currencies DROP COLUMN is_reference;
