DROP FUNCTION own_notes();
DROP TABLE notes;
