CREATE DOMAIN sku AS varchar(40);
ALTER TABLE products ALTER COLUMN sku TYPE sku;
