DROP STATISTICS address_parts;
CREATE STATISTICS address_parts (ndistinct) ON zip, city, country FROM addresses;
