DROP TRIGGER prices_noted ON prices;
CREATE TRIGGER prices_noted BEFORE UPDATE OF amount ON prices FOR EACH ROW WHEN (OLD.amount IS DISTINCT FROM NEW.amount) EXECUTE FUNCTION note_price();
