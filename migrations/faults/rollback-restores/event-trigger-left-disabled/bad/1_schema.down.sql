DROP EVENT TRIGGER changes_noted;
DROP FUNCTION note_change();
DROP TABLE changes;
