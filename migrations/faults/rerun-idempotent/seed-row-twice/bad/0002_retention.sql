-- palindrome: rows settings because a setting is inserted
INSERT INTO settings VALUES ('retention-days', '30');
