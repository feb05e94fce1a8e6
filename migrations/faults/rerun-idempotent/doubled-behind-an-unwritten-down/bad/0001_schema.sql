CREATE TABLE IF NOT EXISTS account (id bigint PRIMARY KEY, balance numeric NOT NULL);
