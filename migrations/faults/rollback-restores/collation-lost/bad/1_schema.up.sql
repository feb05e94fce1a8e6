-- palindrome: dialect postgres
CREATE TABLE codes (id integer PRIMARY KEY, code varchar(20) COLLATE "C" NOT NULL);
