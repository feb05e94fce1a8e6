DROP TABLE users;
DROP TABLE changes;
DROP FUNCTION note_change();
