-- palindrome: claims idempotent
DROP VIEW IF EXISTS titles;
