/**
 * One change to the base schema (`fixtures/base.sql`) a case, and exactly what the comparison of the catalogs must say about it: tables and columns.
 */
import type { CatalogCase } from './catalog-case.ts';

export const TABLE_CASES: readonly CatalogCase[] = [
  {
    change: 'table owner',
    sql: 'CREATE ROLE pgi_alice; ALTER TABLE app.animal OWNER TO pgi_alice',
    expected: ['altered table app.animal, owner: postgres → pgi_alice'],
  },
  {
    change: 'table grants',
    sql: 'CREATE ROLE pgi_alice; GRANT SELECT, INSERT ON app.child TO pgi_alice; GRANT UPDATE ON app.child TO pgi_alice WITH GRANT OPTION',
    expected: [
      'altered table app.child, grants: none → pgi_alice: INSERT, SELECT, UPDATE (grant option); postgres: DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE',
    ],
  },
  {
    change: 'table grants that give back the default',
    sql: 'GRANT SELECT ON app.child TO PUBLIC; REVOKE SELECT ON app.child FROM PUBLIC',
    expected: [],
  },
  {
    change: 'table privileges taken from the owner',
    sql: 'REVOKE DELETE ON app.child FROM CURRENT_USER',
    expected: [
      'altered table app.child, grants: none → postgres: INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE',
    ],
  },
  {
    change: 'table comment',
    sql: "COMMENT ON TABLE app.child IS 'of a parent'",
    expected: ['altered table app.child, comment: none → of a parent'],
  },
  {
    change: 'table persistence',
    sql: 'ALTER TABLE app.animal SET UNLOGGED',
    expected: ['altered table app.animal, persistence: permanent → unlogged'],
  },
  {
    change: 'table options',
    sql: 'ALTER TABLE app.child SET (fillfactor = 70, autovacuum_enabled = off)',
    expected: ['altered table app.child, options: none → autovacuum_enabled=off, fillfactor=70'],
  },
  {
    change: 'table toast options',
    sql: 'ALTER TABLE app.child SET (toast.autovacuum_enabled = off)',
    expected: ['altered table app.child, toast options: none → autovacuum_enabled=off'],
  },
  {
    change: 'table replica identity',
    sql: 'ALTER TABLE app.child REPLICA IDENTITY FULL',
    expected: ['altered table app.child, replica identity: default → full'],
  },
  {
    change: 'table replica identity by an index',
    sql: 'ALTER TABLE app.parent REPLICA IDENTITY USING INDEX parent_code_key',
    expected: [
      'altered table app.parent, replica identity: default → an index',
      'altered unique constraint app.parent.parent_code_key, index replica identity: no → yes',
    ],
  },
  {
    change: 'row security',
    sql: 'ALTER TABLE app.parent ENABLE ROW LEVEL SECURITY',
    expected: ['altered table app.parent, row security: no → yes'],
  },
  {
    change: 'forced row security',
    sql: 'ALTER TABLE app.parent FORCE ROW LEVEL SECURITY',
    expected: ['altered table app.parent, row security forced: no → yes'],
  },
  {
    change: 'table access method',
    sql: 'DROP TABLE app.animal CASCADE; CREATE TABLE app.animal (legs integer) USING heap_again; CREATE TABLE app.dog (name text) INHERITS (app.animal)',
    expected: ['altered table app.animal, access method: heap → heap_again'],
  },
  {
    change: 'inheritance',
    sql: 'ALTER TABLE app.dog NO INHERIT app.animal',
    expected: [
      'altered column app.dog.legs, inherited: inherited → none',
      'altered table app.dog, inherits: app.animal → none',
    ],
  },
  {
    change: 'partition bound',
    sql: "ALTER TABLE app.measure DETACH PARTITION app.measure_1; ALTER TABLE app.measure ATTACH PARTITION app.measure_1 FOR VALUES FROM ('2020-01-01') TO ('2020-07-01')",
    expected: [
      "altered table app.measure_1, partition bound: FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') → FOR VALUES FROM ('2020-01-01') TO ('2020-07-01')",
    ],
  },
  {
    change: 'partition detached',
    sql: 'ALTER TABLE app.measure DETACH PARTITION app.measure_1',
    expected: [
      'altered column app.measure_1.at, inherited: inherited → none',
      'altered column app.measure_1.v, inherited: inherited → none',
      'altered index app.measure_1_at_idx, part of: app.measure_at_idx → none',
      "altered table app.measure_1, partition bound: FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') → none",
      'altered table app.measure_1, partition of: app.measure → none',
    ],
  },
  {
    change: 'partition key',
    sql: "DROP TABLE app.measure; CREATE TABLE app.measure (at date NOT NULL, v integer) PARTITION BY RANGE (at, v); CREATE INDEX measure_at_idx ON app.measure (at); CREATE TABLE app.measure_1 PARTITION OF app.measure FOR VALUES FROM ('2020-01-01', MINVALUE) TO ('2021-01-01', MINVALUE)",
    expected: [
      'altered table app.measure, partition key: RANGE (at) → RANGE (at, v)',
      "altered table app.measure_1, partition bound: FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') → FOR VALUES FROM ('2020-01-01', MINVALUE) TO ('2021-01-01', MINVALUE)",
    ],
  },
  {
    change: 'typed table',
    sql: 'CREATE TABLE app.pairs OF app.pair; ALTER TABLE app.pairs NOT OF',
    expected: ['extra column app.pairs.x', 'extra column app.pairs.y', 'extra table app.pairs'],
  },
  {
    change: 'column type',
    sql: 'ALTER TABLE app.child ALTER note TYPE varchar(40)',
    expected: [
      'altered column app.child.note, type: text → character varying(40)',
      'altered index app.child_lower_idx, definition: CREATE INDEX child_lower_idx ON app.child USING btree (lower(note)) WHERE (note IS NOT NULL) → CREATE INDEX child_lower_idx ON app.child USING btree (lower((note)::text)) WHERE (note IS NOT NULL)',
    ],
  },
  {
    change: "column type's modifier",
    sql: 'ALTER TABLE app.remote ALTER id TYPE numeric(5, 1)',
    expected: ['altered column app.remote.id, type: integer → numeric(5,1)'],
  },
  {
    change: 'column collation',
    sql: 'ALTER TABLE app.dog ALTER name TYPE text COLLATE app.plain',
    expected: ['altered column app.dog.name, collation: none → app.plain'],
  },
  {
    change: 'column not null',
    sql: 'ALTER TABLE app.child ALTER parent_id SET NOT NULL',
    expected: ['altered column app.child.parent_id, not null: no → yes'],
  },
  {
    change: 'column default',
    sql: 'ALTER TABLE app.parent ALTER amount SET DEFAULT 1',
    expected: ['altered column app.parent.amount, default: 0 → 1'],
  },
  {
    change: 'column identity',
    sql: 'ALTER TABLE app.parent ALTER id SET GENERATED ALWAYS',
    expected: ['altered column app.parent.id, identity: by default → always'],
  },
  {
    change: 'column generated',
    sql: 'ALTER TABLE app.parent ALTER twice DROP EXPRESSION',
    expected: ['altered column app.parent.twice, generated: stored (amount * (2)::numeric) → none'],
  },
  {
    change: 'column storage',
    sql: 'ALTER TABLE app.child ALTER note SET STORAGE EXTERNAL',
    expected: ['altered column app.child.note, storage: none → external'],
  },
  {
    change: 'column compression',
    sql: 'ALTER TABLE app.child ALTER note SET COMPRESSION pglz',
    expected: ['altered column app.child.note, compression: none → pglz'],
  },
  {
    change: 'column statistics target',
    sql: 'ALTER TABLE app.child ALTER note SET STATISTICS 500',
    expected: ['altered column app.child.note, statistics target: none → 500'],
  },
  {
    change: 'column options',
    sql: 'ALTER TABLE app.child ALTER note SET (n_distinct = 5)',
    expected: ['altered column app.child.note, options: none → n_distinct=5'],
  },
  {
    change: 'column comment',
    sql: "COMMENT ON COLUMN app.child.note IS 'free text'",
    expected: ['altered column app.child.note, comment: none → free text'],
  },
  {
    change: 'column grants',
    sql: 'CREATE ROLE pgi_alice; GRANT SELECT (note) ON app.child TO pgi_alice',
    expected: ['altered column app.child.note, grants: none → pgi_alice: SELECT'],
  },
  {
    change: 'column inherited',
    sql: 'ALTER TABLE app.dog ALTER name SET NOT NULL; ALTER TABLE app.animal ADD name text',
    expected: [
      'altered column app.dog.name, inherited: none → inherited and local',
      'altered column app.dog.name, not null: no → yes',
      'extra column app.animal.name',
    ],
  },
  {
    change: 'column foreign options',
    sql: "ALTER FOREIGN TABLE app.remote ALTER id OPTIONS (ADD far_name 'x')",
    expected: ['altered column app.remote.id, foreign options: none → far_name=x'],
  },
  {
    change: 'a column dropped',
    sql: 'ALTER TABLE app.child DROP note',
    expected: [
      'missing column app.child.note',
      'missing index app.child_lower_idx',
      'missing index app.child_note_idx',
      'missing statistics object app.child_stats',
    ],
  },
  {
    change: 'a column renamed',
    sql: 'ALTER TABLE app.dog RENAME name TO "Full name"',
    expected: ['missing column app.dog.name', 'extra column app.dog."Full name"'],
  },
  {
    change: 'numeric of negative scale',
    since: 15,
    sql: 'ALTER TABLE app.remote ALTER id TYPE numeric(3, -2)',
    expected: ['altered column app.remote.id, type: integer → numeric(3,-2)'],
  },
  {
    change: 'column storage default',
    since: 16,
    sql: 'ALTER TABLE app.child ALTER note SET STORAGE EXTERNAL; ALTER TABLE app.child ALTER note SET STORAGE DEFAULT',
    expected: [],
  },
  {
    change: 'table grants of maintenance',
    since: 17,
    sql: 'GRANT MAINTAIN ON app.child TO PUBLIC',
    expected: [
      'altered table app.child, grants: none → PUBLIC: MAINTAIN; postgres: DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE',
    ],
  },
  {
    change: 'generated expression',
    since: 17,
    sql: 'ALTER TABLE app.parent ALTER twice SET EXPRESSION AS (amount * 3)',
    expected: [
      'altered column app.parent.twice, generated: stored (amount * (2)::numeric) → stored (amount * (3)::numeric)',
    ],
  },
  {
    change: 'virtual column',
    since: 18,
    sql: 'ALTER TABLE app.child ADD loud text GENERATED ALWAYS AS (upper(note)) VIRTUAL',
    expected: ['extra column app.child.loud'],
  },
  {
    change: 'not null not validated',
    since: 18,
    sql: 'ALTER TABLE app.child ADD CONSTRAINT note_there NOT NULL note NOT VALID',
    expected: [
      'altered column app.child.note, not null: no → yes',
      'altered column app.child.note, not null constraint: none → not validated',
    ],
  },
  {
    change: 'not null not inherited',
    since: 18,
    sql: 'ALTER TABLE app.child ADD CONSTRAINT note_there NOT NULL note NO INHERIT',
    expected: [
      'altered column app.child.note, not null: no → yes',
      'altered column app.child.note, not null constraint: none → no inherit',
    ],
  },
  {
    change: 'name of a not null constraint alone',
    since: 18,
    sql: 'ALTER TABLE app.parent RENAME CONSTRAINT parent_flag_not_null TO flag_is_there',
    expected: [],
  },
  {
    change: 'not null constraint comment',
    since: 18,
    sql: "COMMENT ON CONSTRAINT parent_flag_not_null ON app.parent IS 'must'",
    expected: ['altered column app.parent.flag, not null constraint: none → comment: must'],
  },
];
