ALTER TABLE people ADD COLUMN full_name text;
UPDATE people SET full_name = concat_ws(' ', given_name, family_name);
