DELETE FROM settings WHERE name = 'retention-days' AND value = '30';
