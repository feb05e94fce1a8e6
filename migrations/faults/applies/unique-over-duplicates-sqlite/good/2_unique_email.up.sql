ALTER TABLE users ADD COLUMN email_key TEXT;
UPDATE users SET email_key = email
WHERE id = (SELECT min(other.id) FROM users AS other WHERE other.email = users.email);
CREATE UNIQUE INDEX users_email_key ON users (email_key);
