ALTER TABLE people DROP COLUMN full_name;
UPDATE people SET given_name = family_name, family_name = given_name;
