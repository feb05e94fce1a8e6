DELETE FROM users WHERE id > (SELECT min(other.id) FROM users AS other WHERE other.email = users.email);
CREATE UNIQUE INDEX users_email_key ON users (email);
