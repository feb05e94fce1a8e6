/**
 * One change to the base schema (`fixtures/base.sql`) a case, and exactly what the comparison of the catalogs must say about it: types, routines and what is made of them.
 */
import type { CatalogCase } from './catalog-case.ts';

export const TYPE_CASES: readonly CatalogCase[] = [
  {
    change: 'trigger function body',
    sql: "CREATE OR REPLACE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    expected: ['altered function app.touch(), body: BEGIN RETURN NEW; END → BEGIN RETURN OLD; END'],
  },
  {
    change: 'function owner',
    sql: 'CREATE ROLE pgi_alice; ALTER FUNCTION app.double OWNER TO pgi_alice',
    expected: ['altered function app.double(n integer), owner: postgres → pgi_alice'],
  },
  {
    change: 'function grants',
    sql: 'REVOKE EXECUTE ON FUNCTION app.double FROM PUBLIC',
    expected: ['altered function app.double(n integer), grants: none → postgres: EXECUTE'],
  },
  {
    change: 'function comment',
    sql: "COMMENT ON FUNCTION app.double IS 'times two'",
    expected: ['altered function app.double(n integer), comment: none → times two'],
  },
  {
    change: 'function body',
    sql: "CREATE OR REPLACE FUNCTION app.double(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n + n'",
    expected: ['altered function app.double(n integer), body: SELECT n * 2 → SELECT n + n'],
  },
  {
    change: 'function argument default',
    sql: "CREATE OR REPLACE FUNCTION app.double(n integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n * 2'",
    expected: ['altered function app.double(n integer), arguments: n integer → n integer DEFAULT 1'],
  },
  {
    change: 'function argument types',
    sql: "DROP FUNCTION app.double; CREATE FUNCTION app.double(n bigint) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n * 2'",
    expected: ['missing function app.double(n integer)', 'extra function app.double(n bigint)'],
  },
  {
    change: 'function returns',
    sql: "DROP FUNCTION app.many; CREATE FUNCTION app.many() RETURNS SETOF bigint LANGUAGE sql AS 'SELECT 1'",
    expected: ['altered function app.many(), returns: SETOF integer → SETOF bigint'],
  },
  {
    change: 'function with a parsed body',
    sql: 'CREATE OR REPLACE FUNCTION app.atomic(n integer) RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT n + 2; END',
    expected: ['altered function app.atomic(n integer), body: (text) → (text)'],
  },
  {
    change: 'function volatility',
    sql: 'ALTER FUNCTION app.double VOLATILE',
    expected: ['altered function app.double(n integer), volatility: immutable → volatile'],
  },
  {
    change: 'function security',
    sql: 'ALTER FUNCTION app.double SECURITY DEFINER',
    expected: ['altered function app.double(n integer), security: invoker → definer'],
  },
  {
    change: 'function strict',
    sql: 'ALTER FUNCTION app.double STRICT',
    expected: ['altered function app.double(n integer), strict: no → yes'],
  },
  {
    change: 'function leakproof',
    sql: 'ALTER FUNCTION app.double LEAKPROOF',
    expected: ['altered function app.double(n integer), leakproof: no → yes'],
  },
  {
    change: 'function parallel',
    sql: 'ALTER FUNCTION app.double PARALLEL SAFE',
    expected: ['altered function app.double(n integer), parallel: unsafe → safe'],
  },
  {
    change: 'function cost',
    sql: 'ALTER FUNCTION app.double COST 7',
    expected: ['altered function app.double(n integer), cost: 100 → 7'],
  },
  {
    change: 'function rows',
    sql: 'ALTER FUNCTION app.many ROWS 5',
    expected: ['altered function app.many(), rows: 1000 → 5'],
  },
  {
    change: 'function settings',
    sql: 'ALTER FUNCTION app.double SET search_path = app',
    expected: ['altered function app.double(n integer), settings: none → search_path=app'],
  },
  {
    change: 'procedure body',
    sql: "CREATE OR REPLACE PROCEDURE app.work() LANGUAGE plpgsql AS 'BEGIN NULL; END'",
    expected: ['altered procedure app.work(), body: BEGIN END → BEGIN NULL; END'],
  },
  {
    change: 'aggregate',
    sql: "DROP AGGREGATE app.total(integer); CREATE AGGREGATE app.total(integer) (sfunc = app.add, stype = integer, initcond = '1')",
    expected: [
      "altered aggregate app.total(integer), body: sfunc app.add(integer,integer), stype integer, finalfunc_modify r, initcond '0', kind n → sfunc app.add(integer,integer), stype integer, finalfunc_modify r, initcond '1', kind n",
    ],
  },
  {
    change: 'a window function',
    sql: "CREATE FUNCTION app.row_no() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number'",
    expected: ['extra window function app.row_no()'],
  },
  {
    change: 'enum label order',
    sql: "DROP TYPE app.mood CASCADE; CREATE TYPE app.mood AS ENUM ('ok', 'sad'); ALTER TABLE app.parent ADD mood app.mood",
    expected: ["altered enum app.mood, label order: 'sad', 'ok' → 'ok', 'sad'"],
  },
  {
    change: 'enum label renamed',
    sql: "ALTER TYPE app.mood RENAME VALUE 'ok' TO 'o''k'",
    expected: ["altered enum app.mood, label order: 'sad', 'ok' → 'sad', 'o''k'"],
  },
  {
    change: 'enum owner',
    sql: 'CREATE ROLE pgi_alice; ALTER TYPE app.mood OWNER TO pgi_alice',
    expected: ['altered enum app.mood, owner: postgres → pgi_alice'],
  },
  {
    change: 'enum grants',
    sql: 'REVOKE USAGE ON TYPE app.mood FROM PUBLIC',
    expected: ['altered enum app.mood, grants: none → postgres: USAGE'],
  },
  {
    change: 'enum comment',
    sql: "COMMENT ON TYPE app.mood IS 'how one feels'",
    expected: ['altered enum app.mood, comment: none → how one feels'],
  },
  {
    change: 'domain type',
    sql: 'DROP DOMAIN app.positive; CREATE DOMAIN app.positive AS numeric(10, 3) CONSTRAINT above_zero CHECK (VALUE > 0)',
    expected: ['altered domain app.positive, type: numeric(10,2) → numeric(10,3)'],
  },
  {
    change: 'domain default',
    sql: 'ALTER DOMAIN app.positive SET DEFAULT 1',
    expected: ['altered domain app.positive, default: none → 1'],
  },
  {
    change: 'domain not null',
    sql: 'ALTER DOMAIN app.positive SET NOT NULL',
    expected: ['altered domain app.positive, not null: no → yes'],
  },
  {
    change: 'domain collation',
    sql: 'CREATE DOMAIN app.word AS text COLLATE app.plain',
    expected: ['extra domain app.word'],
  },
  {
    change: 'domain constraint',
    sql: 'ALTER DOMAIN app.positive DROP CONSTRAINT above_zero; ALTER DOMAIN app.positive ADD CONSTRAINT above_zero CHECK (VALUE > 1)',
    expected: [
      'altered domain constraint app.positive.above_zero, definition: CHECK ((VALUE > (0)::numeric)) → CHECK ((VALUE > (1)::numeric))',
    ],
  },
  {
    change: 'domain constraint validated',
    sql: 'ALTER DOMAIN app.positive DROP CONSTRAINT above_zero; ALTER DOMAIN app.positive ADD CONSTRAINT above_zero CHECK (VALUE > 0) NOT VALID',
    expected: ['altered domain constraint app.positive.above_zero, validated: yes → no'],
  },
  {
    change: 'domain constraint comment',
    sql: "COMMENT ON CONSTRAINT above_zero ON DOMAIN app.positive IS 'plus'",
    expected: ['altered domain constraint app.positive.above_zero, comment: none → plus'],
  },
  {
    change: 'domain comment',
    sql: "COMMENT ON DOMAIN app.positive IS 'more than nothing'",
    expected: ['altered domain app.positive, comment: none → more than nothing'],
  },
  {
    change: "composite type's fields",
    sql: 'ALTER TYPE app.pair ALTER ATTRIBUTE y TYPE varchar(9)',
    expected: ['altered composite type app.pair, fields: x integer, y text → x integer, y character varying(9)'],
  },
  {
    change: "composite type's field comments",
    sql: "COMMENT ON COLUMN app.pair.x IS 'across'",
    expected: ['altered composite type app.pair, field comments: none → x: across'],
  },
  {
    change: "composite type's owner",
    sql: 'CREATE ROLE pgi_alice; ALTER TYPE app.pair OWNER TO pgi_alice',
    expected: ['altered composite type app.pair, owner: postgres → pgi_alice'],
  },
  {
    change: "composite type's comment",
    sql: "COMMENT ON TYPE app.pair IS 'two'",
    expected: ['altered composite type app.pair, comment: none → two'],
  },
  {
    change: 'range type',
    sql: 'DROP TYPE app.span; CREATE TYPE app.span AS RANGE (subtype = float8, subtype_diff = float8mi)',
    expected: [
      'altered range type app.span, definition: subtype double precision, subtype_opclass pg_catalog.float8_ops, multirange app.span_multirange → subtype double precision, subtype_opclass pg_catalog.float8_ops, subtype_diff float8mi(double precision,double precision), multirange app.span_multirange',
    ],
  },
  {
    change: "range type's comment",
    sql: "COMMENT ON TYPE app.span IS 'from to'",
    expected: ['altered range type app.span, comment: none → from to'],
  },
  {
    change: 'a shell type',
    sql: 'CREATE TYPE app.later',
    expected: ['extra shell type app.later'],
  },
  {
    change: 'collation',
    sql: "DROP COLLATION app.plain; CREATE COLLATION app.plain (locale = 'POSIX')",
    expected: ['altered collation app.plain, locale: C, C → POSIX, POSIX'],
  },
  {
    change: 'collation comment',
    sql: "COMMENT ON COLLATION app.plain IS 'bytes'",
    expected: ['altered collation app.plain, comment: none → bytes'],
  },
  {
    change: 'operator',
    sql: 'DROP OPERATOR app.|+| (integer, integer); CREATE OPERATOR app.|+| (leftarg = integer, rightarg = integer, function = app.add, commutator = OPERATOR(app.|+|))',
    expected: ['altered operator app.|+| (integer, integer), commutator: none → app.|+|(integer,integer)'],
  },
  {
    change: 'operator comment',
    sql: "COMMENT ON OPERATOR app.|+| (integer, integer) IS 'more'",
    expected: ['altered operator app.|+| (integer, integer), comment: none → more'],
  },
  {
    change: 'operator family',
    sql: 'ALTER OPERATOR FAMILY app.numbers USING btree ADD OPERATOR 1 < (int4, int8)',
    expected: ['altered operator family app.numbers USING btree, operators: none → 1 <(integer,bigint) s'],
  },
  {
    change: 'operator class',
    sql: 'ALTER OPERATOR CLASS app.odd USING hash RENAME TO even',
    expected: ['missing operator class app.odd USING hash', 'extra operator class app.even USING hash'],
  },
  {
    change: 'cast context',
    sql: 'DROP CAST (integer AS app.pair); CREATE CAST (integer AS app.pair) WITH INOUT AS ASSIGNMENT',
    expected: ['altered cast integer AS app.pair, context: explicit → assignment'],
  },
  {
    change: 'conversion default',
    sql: "DROP CONVERSION app.swap; CREATE DEFAULT CONVERSION app.swap FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
    expected: ['altered conversion app.swap, default: no → yes'],
  },
  {
    change: 'text search configuration',
    sql: 'ALTER TEXT SEARCH CONFIGURATION app.search DROP MAPPING FOR email',
    expected: [
      'altered text search configuration app.search, mappings: 1: simple, 2: simple, 3: simple, 4: simple, 5: simple, 6: simple, 7: simple, 8: simple, 9: simple, 10: simple, 11: simple, 15: simple, 16: simple, 17: simple, 18: simple, 19: simple, 20: simple, 21: simple, 22: simple → 1: simple, 2: simple, 3: simple, 5: simple, 6: simple, 7: simple, 8: simple, 9: simple, 10: simple, 11: simple, 15: simple, 16: simple, 17: simple, 18: simple, 19: simple, 20: simple, 21: simple, 22: simple',
    ],
  },
  {
    change: 'text search dictionary',
    sql: 'ALTER TEXT SEARCH DICTIONARY app.words (Accept = false)',
    expected: ["altered text search dictionary app.words, options: none → accept = 'false'"],
  },
  {
    change: 'access method',
    sql: 'DROP ACCESS METHOD heap_again',
    expected: ['missing access method heap_again'],
  },
  {
    change: 'function depends on an extension',
    sql: 'ALTER FUNCTION app.double DEPENDS ON EXTENSION btree_gist',
    expected: ['extra extension dependency function app.double(integer) on btree_gist'],
  },
  {
    change: 'function language',
    sql: "DROP FUNCTION app.many; CREATE FUNCTION app.many() RETURNS SETOF integer LANGUAGE plpgsql AS 'BEGIN RETURN; END'",
    expected: [
      'altered function app.many(), body: SELECT 1 → BEGIN RETURN; END',
      'altered function app.many(), language: sql → plpgsql',
    ],
  },
];
