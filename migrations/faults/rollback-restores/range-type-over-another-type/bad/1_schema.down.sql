DROP TABLE shifts;
DROP TYPE period;
