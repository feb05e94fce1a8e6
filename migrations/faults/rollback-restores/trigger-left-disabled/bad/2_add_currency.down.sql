ALTER TABLE prices DROP COLUMN currency;
