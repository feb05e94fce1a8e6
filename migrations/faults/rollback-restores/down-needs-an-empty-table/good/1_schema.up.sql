-- palindrome: dialect postgres
CREATE TABLE payments (id integer PRIMARY KEY, legacy_code integer NOT NULL);
