-- palindrome: map users.email = coalesce(email, '') because an empty email stands for none
-- palindrome: lossy users.email where email IS NULL because an empty email stands for none
UPDATE users SET email = '' WHERE email IS NULL;
ALTER TABLE users ALTER COLUMN email SET NOT NULL;
