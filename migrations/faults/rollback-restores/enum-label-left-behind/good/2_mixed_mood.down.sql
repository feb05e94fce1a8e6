DROP TABLE weeks;
DROP TYPE mood;
CREATE TYPE mood AS ENUM ('good', 'bad');
