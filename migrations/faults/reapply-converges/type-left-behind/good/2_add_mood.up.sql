CREATE TYPE mood AS ENUM ('good', 'bad');
ALTER TABLE people ADD COLUMN mood mood;
