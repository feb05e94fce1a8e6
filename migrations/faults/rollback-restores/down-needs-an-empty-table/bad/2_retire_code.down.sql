ALTER TABLE payments ADD COLUMN legacy_code integer NOT NULL;
