CREATE UNIQUE INDEX one_phone_each ON phones (person_id);
ALTER TABLE people ADD COLUMN phone text;
UPDATE people SET phone = (SELECT min(phone) FROM phones WHERE person_id = people.id);
ALTER TABLE people ALTER COLUMN phone SET NOT NULL;
DROP TABLE phones;
