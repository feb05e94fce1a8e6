ALTER TABLE people ADD COLUMN address text;
UPDATE people SET address = addresses.address FROM addresses WHERE addresses.person_id = people.id;
DROP TABLE addresses;
