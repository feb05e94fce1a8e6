DROP TABLE documents;
DROP FUNCTION keep_title();
