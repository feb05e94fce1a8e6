CREATE SCHEMA app;
DO $$
DECLARE
  found regclass;
BEGIN
  FOR found IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
    EXECUTE format('ALTER TABLE %s SET SCHEMA app', found);
  END LOOP;
END
$$;
