ALTER TABLE bills ADD COLUMN first_share INTEGER;
ALTER TABLE bills ADD COLUMN second_share INTEGER;
UPDATE bills SET first_share = cents / 2, second_share = cents / 2;
