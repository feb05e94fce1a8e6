-- palindrome: map readings.value = COALESCE(value::text, 'none') because missing values get a word
ALTER TABLE readings ALTER COLUMN value TYPE text USING COALESCE(value::text, 'none');
