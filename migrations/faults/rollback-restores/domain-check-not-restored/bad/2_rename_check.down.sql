ALTER DOMAIN share DROP CONSTRAINT share_is_percent;
