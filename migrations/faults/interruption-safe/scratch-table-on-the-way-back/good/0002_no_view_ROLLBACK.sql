DROP TABLE IF EXISTS scratch;
CREATE TABLE scratch (n bigint);
DROP VIEW IF EXISTS titles;
CREATE VIEW titles AS SELECT DISTINCT title FROM notes;
DROP TABLE scratch;
