ALTER EVENT TRIGGER changes_noted DISABLE;
ALTER TABLE changes ADD COLUMN author text;
