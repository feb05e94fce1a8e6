/**
 * One change to the base schema (`fixtures/base.sql`) a case, and exactly what the comparison of the catalogs must say about it: what belongs to no schema, and what must not be seen.
 */
import type { CatalogCase } from './catalog-case.ts';

export const DATABASE_CASES: readonly CatalogCase[] = [
  {
    change: 'schema owner',
    sql: 'CREATE ROLE pgi_alice; ALTER SCHEMA app OWNER TO pgi_alice',
    expected: ['altered schema app, owner: postgres → pgi_alice'],
  },
  {
    change: 'schema grants',
    sql: 'CREATE ROLE pgi_alice; GRANT USAGE ON SCHEMA app TO pgi_alice',
    expected: ['altered schema app, grants: none → pgi_alice: USAGE; postgres: CREATE, USAGE'],
  },
  {
    change: 'schema comment',
    sql: "COMMENT ON SCHEMA app IS 'the application'",
    expected: ['altered schema app, comment: none → the application'],
  },
  {
    change: 'comment on the schema public',
    sql: "COMMENT ON SCHEMA public IS 'ours'",
    expected: ['altered schema public, comment: standard public schema → ours'],
  },
  {
    change: 'a new schema',
    sql: 'CREATE SCHEMA "Other one"',
    expected: ['extra schema "Other one"'],
  },
  {
    change: "extension's schema",
    sql: 'ALTER EXTENSION btree_gist SET SCHEMA app',
    expected: ['altered extension btree_gist, schema: public → app'],
  },
  {
    change: "extension's version",
    sql: "ALTER EXTENSION btree_gist UPDATE TO '1.6'",
    expected: ['altered extension btree_gist, version: 1.5 → 1.6'],
  },
  {
    change: "extension's comment",
    sql: "COMMENT ON EXTENSION btree_gist IS 'other'",
    expected: ['altered extension btree_gist, comment: support for indexing common datatypes in GiST → other'],
  },
  {
    change: 'a missing extension',
    sql: 'DROP EXTENSION btree_gist CASCADE',
    expected: ['missing extension btree_gist'],
  },
  {
    change: 'default privileges',
    sql: 'CREATE ROLE pgi_alice; ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO pgi_alice',
    expected: ['extra default privileges for tables of postgres in app'],
  },
  {
    change: 'default privileges everywhere',
    sql: 'ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC',
    expected: ['extra default privileges for functions of postgres'],
  },
  {
    change: 'publication tables',
    sql: 'ALTER PUBLICATION news ADD TABLE app.child',
    expected: ['altered publication news, tables: app.parent → app.child, app.parent'],
  },
  {
    change: 'publication operations',
    sql: "ALTER PUBLICATION news SET (publish = 'insert')",
    expected: ['altered publication news, operations: insert, update, delete, truncate → insert'],
  },
  {
    change: 'publication via root',
    sql: 'ALTER PUBLICATION news SET (publish_via_partition_root = true)',
    expected: ['altered publication news, via root: no → yes'],
  },
  {
    change: 'publication comment',
    sql: "COMMENT ON PUBLICATION news IS 'new'",
    expected: ['altered publication news, comment: none → new'],
  },
  {
    change: 'a publication for all tables',
    sql: 'CREATE PUBLICATION everything FOR ALL TABLES',
    expected: ['extra publication everything'],
  },
  {
    change: 'event trigger state',
    sql: 'ALTER EVENT TRIGGER ddl_seen DISABLE',
    expected: ['altered event trigger ddl_seen, state: enabled → disabled'],
  },
  {
    change: 'event trigger tags',
    sql: "DROP EVENT TRIGGER ddl_seen; CREATE EVENT TRIGGER ddl_seen ON ddl_command_end WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION app.on_ddl()",
    expected: ['altered event trigger ddl_seen, tags: none → DROP TABLE'],
  },
  {
    change: 'event trigger event',
    sql: 'DROP EVENT TRIGGER ddl_seen; CREATE EVENT TRIGGER ddl_seen ON ddl_command_start EXECUTE FUNCTION app.on_ddl()',
    expected: ['altered event trigger ddl_seen, event: ddl_command_end → ddl_command_start'],
  },
  {
    change: 'event trigger comment',
    sql: "COMMENT ON EVENT TRIGGER ddl_seen IS 'seen'",
    expected: ['altered event trigger ddl_seen, comment: none → seen'],
  },
  {
    change: 'foreign data wrapper options',
    sql: "ALTER FOREIGN DATA WRAPPER nowhere OPTIONS (ADD a 'b')",
    expected: ['altered foreign data wrapper nowhere, options: none → a=b'],
  },
  {
    change: 'foreign server options',
    sql: "ALTER SERVER far OPTIONS (ADD host 'h')",
    expected: ['altered foreign server far, options: none → host=h'],
  },
  {
    change: 'foreign server version',
    sql: "ALTER SERVER far VERSION '2'",
    expected: ['altered foreign server far, version: none → 2'],
  },
  {
    change: 'foreign server grants',
    sql: 'GRANT USAGE ON FOREIGN SERVER far TO PUBLIC',
    expected: ['altered foreign server far, grants: none → PUBLIC: USAGE; postgres: USAGE'],
  },
  {
    change: 'foreign table options',
    sql: "ALTER FOREIGN TABLE app.remote OPTIONS (ADD name 'n')",
    expected: ['altered foreign table app.remote, foreign options: none → name=n'],
  },
  {
    change: 'user mapping options',
    sql: `ALTER USER MAPPING FOR PUBLIC SERVER far OPTIONS (ADD "user" 'u')`,
    expected: ['altered user mapping public on far, options: none → user=u'],
  },
  {
    change: 'large objects',
    sql: 'SELECT lo_create(0)',
    expected: ['altered database the database, large objects: 0 → 1'],
  },
  {
    change: 'a setting of the database',
    sql: "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = %L', current_database(), '8MB'); END $$",
    expected: ['extra setting database: work_mem'],
  },
  {
    change: "a role's setting in the database",
    seesRoles: true,
    sql: "DO $$ BEGIN EXECUTE format('ALTER ROLE CURRENT_USER IN DATABASE %I SET search_path = app, public', current_database()); END $$",
    expected: ['extra setting role postgres in this database: search_path'],
  },
  {
    change: 'database comment',
    sql: "DO $$ BEGIN EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), 'mine'); END $$",
    expected: ['altered database the database, comment: none → mine'],
  },
  {
    change: 'database grants',
    sql: "DO $$ BEGIN EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', current_database()); END $$",
    expected: ['altered database the database, grants: none → PUBLIC: TEMPORARY; postgres: CONNECT, CREATE, TEMPORARY'],
  },
  {
    change: 'database connection limit',
    sql: "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 5', current_database()); END $$",
    expected: ['altered database the database, connection limit: none → 5'],
  },
  {
    change: 'a leaked role',
    seesRoles: true,
    sql: 'CREATE ROLE pgi_alice LOGIN; CREATE ROLE pgi_bob; GRANT pgi_bob TO pgi_alice WITH ADMIN OPTION',
    expected: ['extra role pgi_alice', 'extra role pgi_bob'],
  },
  {
    change: "a role's setting",
    seesRoles: true,
    sql: "CREATE ROLE pgi_alice; ALTER ROLE pgi_alice SET work_mem = '5MB'",
    expected: ['extra role pgi_alice', 'extra setting role pgi_alice: work_mem'],
  },
  {
    change: "a role's comment",
    seesRoles: true,
    sql: "CREATE ROLE pgi_alice; COMMENT ON ROLE pgi_alice IS 'A'",
    expected: ['extra role pgi_alice'],
  },
  {
    change: 'a temporary table',
    sql: 'CREATE TEMPORARY TABLE passing (id serial PRIMARY KEY)',
    expected: [],
  },
  {
    change: "an extension's objects",
    sql: 'CREATE EXTENSION citext',
    expected: ['extra extension citext'],
  },
  {
    change: 'names that need quotes',
    sql: 'CREATE TABLE app."Order ""x""" (id integer PRIMARY KEY, "select" text); CREATE INDEX ON app."Order ""x""" ("select")',
    expected: [
      'extra column app."Order ""x"""."select"',
      'extra column app."Order ""x""".id',
      'extra index app."Order ""x""_select_idx"',
      'extra primary key app."Order ""x"""."Order ""x""_pkey"',
      'extra table app."Order ""x"""',
    ],
  },
  {
    change: 'publication column list and filter',
    since: 15,
    sql: "ALTER PUBLICATION news SET TABLE app.parent (id, code) WHERE (code <> 'x')",
    expected: [
      "altered publication news, tables: app.parent → app.parent (id, code) WHERE ((code)::text <> 'x'::text)",
    ],
  },
  {
    change: 'publication schemas',
    since: 15,
    sql: 'ALTER PUBLICATION news ADD TABLES IN SCHEMA app',
    expected: ['altered publication news, schemas: none → app'],
  },
  {
    change: 'publication of generated columns',
    since: 18,
    sql: 'ALTER PUBLICATION news SET (publish_generated_columns = stored)',
    expected: ['altered publication news, generated columns: none → stored'],
  },
];
