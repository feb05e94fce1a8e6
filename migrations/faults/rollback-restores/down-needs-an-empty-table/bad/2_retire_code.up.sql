ALTER TABLE payments DROP COLUMN legacy_code;
