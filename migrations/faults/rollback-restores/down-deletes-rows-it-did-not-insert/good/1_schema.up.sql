-- palindrome: dialect postgres
CREATE TABLE currencies (code text PRIMARY KEY CHECK (code IN ('EUR', 'USD', 'GBP')));
