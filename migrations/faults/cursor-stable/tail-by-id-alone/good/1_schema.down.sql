DROP TABLE events;
DROP FUNCTION stamp();
