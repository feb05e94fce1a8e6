DROP TYPE period;
CREATE TYPE period AS RANGE (subtype = timestamp);
