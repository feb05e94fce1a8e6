-- palindrome: dialect postgres
CREATE TABLE readings (id bigint PRIMARY KEY, sensor text NOT NULL);
