ALTER TABLE readings ADD COLUMN number integer;
UPDATE readings SET number = value::integer WHERE value ~ '^[0-9]{1,9}$';
