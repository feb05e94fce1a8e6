-- The four schemas, made by the first migration and, with the same script, by services that run no Prisma.
-- CREATE SCHEMA IF NOT EXISTS looks, then creates: of two sessions that look at once, one fails at the unique index of pg_namespace. The lock
-- makes the second one wait for the first one's commit. One DO block is one transaction, whether Prisma or psql sends it.
DO $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('service-schemas'), hashtext('ensure_schemas'));
  CREATE SCHEMA IF NOT EXISTS financial;
  CREATE SCHEMA IF NOT EXISTS public;
  CREATE SCHEMA IF NOT EXISTS tagging;
  CREATE SCHEMA IF NOT EXISTS trading;
END
$$;
