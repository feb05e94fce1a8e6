DROP VIEW titles;
DROP TABLE notes;
