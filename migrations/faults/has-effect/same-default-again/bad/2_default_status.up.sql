ALTER TABLE articles ALTER COLUMN status SET DEFAULT 'draft';
