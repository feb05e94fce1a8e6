-- palindrome: dialect sqlite
CREATE TABLE payments (id INTEGER PRIMARY KEY, reference TEXT CHECK (reference IN ('a', 'b')));
