ALTER TABLE app.people SET SCHEMA public;
DROP SCHEMA app;
