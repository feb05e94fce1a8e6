CREATE TABLE counters_new (id INTEGER PRIMARY KEY, hits INTEGER);
INSERT INTO counters_new SELECT id, hits FROM counters;
DROP TABLE counters;
ALTER TABLE counters_new RENAME TO counters;
