-- RESTRICT: a schema with anything in it stays, and so do the others. "public" came with the database.
DROP SCHEMA trading;
DROP SCHEMA tagging;
DROP SCHEMA financial;
