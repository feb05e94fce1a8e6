ALTER TABLE contacts ADD COLUMN given_name text;
UPDATE contacts SET given_name = given_names.name FROM given_names WHERE given_names.contact_id = contacts.id;
DROP TABLE given_names;
