ALTER TABLE bills DROP COLUMN second_share;
ALTER TABLE bills DROP COLUMN first_share;
