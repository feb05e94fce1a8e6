ALTER TABLE prices DROP COLUMN currency;
ALTER TABLE prices ENABLE TRIGGER prices_kept;
