-- palindrome: rows settings because a setting is inserted
INSERT INTO settings SELECT 'retention-days', '30'
WHERE NOT EXISTS (SELECT FROM settings WHERE name = 'retention-days');
