ALTER TABLE payments RENAME COLUMN unused_code TO legacy_code;
