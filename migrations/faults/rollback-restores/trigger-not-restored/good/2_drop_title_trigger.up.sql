DROP TRIGGER documents_title ON documents;
DROP FUNCTION keep_title();
