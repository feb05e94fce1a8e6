-- palindrome: irreversible because the numbers are deleted for good
ALTER TABLE users DROP COLUMN fax;
