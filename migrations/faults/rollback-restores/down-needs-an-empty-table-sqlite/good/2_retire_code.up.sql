ALTER TABLE payments RENAME COLUMN legacy_code TO unused_code;
