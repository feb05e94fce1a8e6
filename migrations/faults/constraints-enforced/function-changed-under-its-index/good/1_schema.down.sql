DROP TABLE names;
DROP FUNCTION folded(text);
