-- palindrome: dialect sqlite
CREATE TABLE offices (id INTEGER PRIMARY KEY, code TEXT NOT NULL CHECK (code IN ('007', '7', 'HQ')));
