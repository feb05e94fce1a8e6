ALTER TABLE weights ALTER COLUMN grams TYPE double precision;
