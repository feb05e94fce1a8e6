ALTER TABLE users ADD COLUMN fax text;
