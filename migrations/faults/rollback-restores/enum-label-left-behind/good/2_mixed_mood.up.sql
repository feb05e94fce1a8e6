ALTER TYPE mood ADD VALUE 'mixed';
CREATE TABLE weeks (id integer PRIMARY KEY);
