DROP TABLE tickets;
DROP TYPE priority;
