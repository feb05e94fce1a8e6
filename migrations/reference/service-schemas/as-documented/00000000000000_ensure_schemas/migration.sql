-- What each entrypoint runs before `prisma migrate deploy`, through `prisma db execute` or `psql`. In the set it is the first step.
CREATE SCHEMA IF NOT EXISTS financial;
CREATE SCHEMA IF NOT EXISTS public;
CREATE SCHEMA IF NOT EXISTS tagging;
CREATE SCHEMA IF NOT EXISTS trading;
