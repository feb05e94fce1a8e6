-- palindrome: dialect postgres
CREATE TABLE IF NOT EXISTS settings (name text, value text);
