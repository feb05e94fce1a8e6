-- palindrome: dialect postgres
CREATE TABLE readings (id integer NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE readings_old PARTITION OF readings FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
CREATE TABLE readings_new PARTITION OF readings FOR VALUES FROM ('2022-01-01') TO (MAXVALUE);
