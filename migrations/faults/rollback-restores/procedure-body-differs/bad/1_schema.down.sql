DROP PROCEDURE clean_up();
DROP TABLE jobs;
