UPDATE people SET given_name = family_name, family_name = given_name;
ALTER TABLE people ADD COLUMN full_name text;
