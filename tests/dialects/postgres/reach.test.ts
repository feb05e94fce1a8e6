import { describe, expect, it } from 'vitest';
import { reachesBeyondDatabase } from '../../../harness/dialects/postgres/reach.ts';

describe('reaching beyond the database', () => {
  it.each([
    'CREATE ROLE app',
    'create  user app',
    'ALTER ROLE app SET search_path = x',
    'SET ROLE app',
    `DO $$ BEGIN EXECUTE 'CREATE ROLE "app"'; END $$`,
    'GRANT reader TO app',
    'REVOKE reader FROM app;',
    'DROP OWNED BY app',
    'ALTER SYSTEM SET wal_level = minimal',
    `CREATE TABLESPACE t LOCATION '/x'`,
    'CREATE TABLE t (a int) TABLESPACE fast',
    'CREATE SUBSCRIPTION s CONNECTION x PUBLICATION p',
    `PREPARE TRANSACTION 'one'`,
    'CREATE DATABASE other',
    `SELECT dblink_exec('dbname=x', 'DELETE FROM t')`,
    'CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS $$ return 1 $$',
    `COPY t TO '/shared/file'`,
    `COPY t FROM PROGRAM 'cat'`,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity`,
    `SELECT pg_create_logical_replication_slot('s', 'pgoutput')`,
    `SELECT pg_reload_conf()`,
    `SET maintenance_work_mem = '2GB'`,
    `COMMENT ON ROLE app IS 'x'`,
  ])('should be seen in %s', (sql) => expect(reachesBeyondDatabase(sql)).toBe(true));

  it.each([
    'CREATE TABLE "User" (id int PRIMARY KEY, role text, "group" text)',
    'SELECT role, count(*) FROM "user" GROUP BY role',
    'GRANT SELECT ON ALL TABLES IN SCHEMA public TO app',
    'ALTER TABLE t OWNER TO app',
    'SELECT current_user, pg_advisory_lock(1), pg_sleep(0)',
    'COPY t (a) FROM stdin',
    'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$',
    'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app',
    'CREATE INDEX CONCURRENTLY i ON t (a)',
    `ALTER TABLE t ALTER COLUMN a SET DEFAULT 'x'`,
  ])('should not be seen in %s', (sql) => expect(reachesBeyondDatabase(sql)).toBe(false));
});
