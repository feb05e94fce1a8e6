DROP STATISTICS address_parts;
CREATE STATISTICS address_parts (dependencies) ON zip, city FROM addresses;
