/**
 * One change to the base schema (`fixtures/base.sql`) a case, and exactly what the comparison of the catalogs must say about it: tables and all that belongs to them.
 */
import type { CatalogCase } from './catalog-case.ts';

export const RELATION_CASES: readonly CatalogCase[] = [
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
    change: 'constraint definition',
    sql: 'ALTER TABLE app.parent DROP CONSTRAINT parent_amount_check, ADD CONSTRAINT parent_amount_check CHECK (amount > 0)',
    expected: [
      'altered check constraint app.parent.parent_amount_check, definition: CHECK ((amount >= (0)::numeric)) → CHECK ((amount > (0)::numeric))',
    ],
  },
  {
    change: 'constraint validated',
    sql: 'ALTER TABLE app.parent DROP CONSTRAINT parent_amount_check, ADD CONSTRAINT parent_amount_check CHECK (amount >= 0) NOT VALID',
    expected: ['altered check constraint app.parent.parent_amount_check, validated: yes → no'],
  },
  {
    change: 'constraint no inherit',
    sql: 'ALTER TABLE app.parent DROP CONSTRAINT parent_amount_check, ADD CONSTRAINT parent_amount_check CHECK (amount >= 0) NO INHERIT',
    expected: ['altered check constraint app.parent.parent_amount_check, no inherit: no → yes'],
  },
  {
    change: 'constraint deferrable',
    sql: 'ALTER TABLE app.child ALTER CONSTRAINT child_parent_fkey DEFERRABLE',
    expected: ['altered foreign key app.child.child_parent_fkey, deferrable: no → initially immediate'],
  },
  {
    change: 'constraint initially deferred',
    sql: 'ALTER TABLE app.child ALTER CONSTRAINT child_parent_fkey INITIALLY DEFERRED',
    expected: ['altered foreign key app.child.child_parent_fkey, deferrable: no → initially deferred'],
  },
  {
    change: 'unique constraint deferrable',
    sql: 'ALTER TABLE app.parent DROP CONSTRAINT parent_code_key, ADD CONSTRAINT parent_code_key UNIQUE (code) DEFERRABLE',
    expected: ['altered unique constraint app.parent.parent_code_key, deferrable: no → initially immediate'],
  },
  {
    change: 'foreign key action',
    sql: 'ALTER TABLE app.child DROP CONSTRAINT child_parent_fkey, ADD CONSTRAINT child_parent_fkey FOREIGN KEY (parent_id) REFERENCES app.parent (id) ON DELETE CASCADE',
    expected: [
      'altered foreign key app.child.child_parent_fkey, definition: FOREIGN KEY (parent_id) REFERENCES app.parent(id) → FOREIGN KEY (parent_id) REFERENCES app.parent(id) ON DELETE CASCADE',
    ],
  },
  {
    change: 'foreign key not validated',
    sql: 'ALTER TABLE app.child DROP CONSTRAINT child_parent_fkey, ADD CONSTRAINT child_parent_fkey FOREIGN KEY (parent_id) REFERENCES app.parent (id) NOT VALID',
    expected: ['altered foreign key app.child.child_parent_fkey, validated: yes → no'],
  },
  {
    change: 'constraint comment',
    sql: "COMMENT ON CONSTRAINT parent_amount_check ON app.parent IS 'no debts'",
    expected: ['altered check constraint app.parent.parent_amount_check, comment: none → no debts'],
  },
  {
    change: 'foreign key triggers off on the child',
    sql: 'ALTER TABLE app.child DISABLE TRIGGER ALL',
    expected: [
      'altered foreign key app.child.child_parent_fkey, enforced by triggers: yes → no: disabled on the referencing table',
    ],
  },
  {
    change: 'foreign key triggers off on the parent',
    sql: 'ALTER TABLE app.parent DISABLE TRIGGER ALL',
    expected: [
      'altered foreign key app.child.child_parent_fkey, enforced by triggers: yes → no: disabled on the referenced table',
      'altered trigger app.parent.parent_touch, state: enabled → disabled',
    ],
  },
  {
    change: 'constraint inherited',
    sql: 'ALTER TABLE app.animal ADD CONSTRAINT legs_check CHECK (legs > 0)',
    expected: ['extra check constraint app.animal.legs_check', 'extra check constraint app.dog.legs_check'],
  },
  {
    change: 'a constraint renamed',
    sql: 'ALTER TABLE app.parent RENAME CONSTRAINT parent_code_key TO code_key',
    expected: ['missing unique constraint app.parent.parent_code_key', 'extra unique constraint app.parent.code_key'],
  },
  {
    change: 'exclusion constraint dropped',
    sql: 'ALTER TABLE app.parent DROP CONSTRAINT parent_during_excl',
    expected: ['missing exclusion constraint app.parent.parent_during_excl'],
  },
  {
    change: 'primary key dropped',
    sql: 'ALTER TABLE app.child DROP CONSTRAINT child_pkey',
    expected: ['missing primary key app.child.child_pkey'],
  },
  {
    change: "constraint's index options",
    sql: 'ALTER INDEX app.parent_code_key SET (fillfactor = 50)',
    expected: ['altered unique constraint app.parent.parent_code_key, index options: none → fillfactor=50'],
  },
  {
    change: "constraint's index clustered",
    sql: 'ALTER TABLE app.parent CLUSTER ON parent_code_key',
    expected: ['altered unique constraint app.parent.parent_code_key, index clustered: no → yes'],
  },
  {
    change: "constraint's index comment",
    sql: "COMMENT ON INDEX app.parent_code_key IS 'fast'",
    expected: ['altered unique constraint app.parent.parent_code_key, index comment: none → fast'],
  },
  {
    change: "constraint's index invalid",
    sql: "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'app.parent_code_key'::regclass",
    expected: ['altered unique constraint app.parent.parent_code_key, index valid: yes → no'],
  },
  {
    change: 'index definition',
    sql: 'DROP INDEX app.child_note_idx; CREATE INDEX child_note_idx ON app.child (note DESC)',
    expected: [
      'altered index app.child_note_idx, definition: CREATE INDEX child_note_idx ON app.child USING btree (note) → CREATE INDEX child_note_idx ON app.child USING btree (note DESC)',
    ],
  },
  {
    change: 'index valid',
    sql: "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'app.child_note_idx'::regclass",
    expected: ['altered index app.child_note_idx, valid: yes → no'],
  },
  {
    change: 'index ready',
    sql: "UPDATE pg_index SET indisready = false WHERE indexrelid = 'app.child_note_idx'::regclass",
    expected: ['altered index app.child_note_idx, ready: yes → no'],
  },
  {
    change: 'index live',
    sql: "UPDATE pg_index SET indislive = false WHERE indexrelid = 'app.child_note_idx'::regclass",
    expected: ['altered index app.child_note_idx, live: yes → no'],
  },
  {
    change: 'index replica identity',
    sql: 'CREATE UNIQUE INDEX parent_ri ON app.parent (flag); ALTER TABLE app.parent REPLICA IDENTITY USING INDEX parent_ri',
    expected: ['altered table app.parent, replica identity: default → an index', 'extra index app.parent_ri'],
  },
  {
    change: 'index clustered',
    sql: 'ALTER TABLE app.child CLUSTER ON child_note_idx',
    expected: ['altered index app.child_note_idx, clustered: no → yes'],
  },
  {
    change: 'index options',
    sql: 'ALTER INDEX app.child_note_idx SET (fillfactor = 60)',
    expected: [
      "altered index app.child_note_idx, definition: CREATE INDEX child_note_idx ON app.child USING btree (note) → CREATE INDEX child_note_idx ON app.child USING btree (note) WITH (fillfactor='60')",
    ],
  },
  {
    change: 'index statistics targets',
    sql: 'ALTER INDEX app.child_lower_idx ALTER COLUMN 1 SET STATISTICS 300',
    expected: ['altered index app.child_lower_idx, statistics targets: none → 1: 300'],
  },
  {
    change: 'index comment',
    sql: "COMMENT ON INDEX app.child_note_idx IS 'for search'",
    expected: ['altered index app.child_note_idx, comment: none → for search'],
  },
  {
    change: 'index of a partition',
    sql: 'CREATE INDEX measure_v_idx ON app.measure (v)',
    expected: ['extra index app.measure_1_v_idx', 'extra index app.measure_v_idx'],
  },
  {
    change: 'sequence owner',
    sql: 'CREATE ROLE pgi_alice; ALTER SEQUENCE app.counter OWNER TO pgi_alice',
    expected: ['altered sequence app.counter, owner: postgres → pgi_alice'],
  },
  {
    change: 'sequence grants',
    sql: 'GRANT USAGE ON SEQUENCE app.counter TO PUBLIC',
    expected: ['altered sequence app.counter, grants: none → PUBLIC: USAGE; postgres: SELECT, UPDATE, USAGE'],
  },
  {
    change: 'sequence comment',
    sql: "COMMENT ON SEQUENCE app.counter IS 'counts'",
    expected: ['altered sequence app.counter, comment: none → counts'],
  },
  {
    change: 'sequence type',
    sql: 'ALTER SEQUENCE app.counter AS integer',
    expected: [
      'altered sequence app.counter, maximum: 9223372036854775807 → 2147483647',
      'altered sequence app.counter, type: bigint → integer',
    ],
  },
  {
    change: 'sequence start',
    sql: 'ALTER SEQUENCE app.counter START 5',
    expected: ['altered sequence app.counter, start: 1 → 5'],
  },
  {
    change: 'sequence increment',
    sql: 'ALTER SEQUENCE app.counter INCREMENT 2',
    expected: ['altered sequence app.counter, increment: 1 → 2'],
  },
  {
    change: 'sequence minimum',
    sql: 'ALTER SEQUENCE app.counter MINVALUE 0',
    expected: ['altered sequence app.counter, minimum: 1 → 0'],
  },
  {
    change: 'sequence maximum',
    sql: 'ALTER SEQUENCE app.counter MAXVALUE 1000',
    expected: ['altered sequence app.counter, maximum: 9223372036854775807 → 1000'],
  },
  {
    change: 'sequence cache',
    sql: 'ALTER SEQUENCE app.counter CACHE 20',
    expected: ['altered sequence app.counter, cache: 1 → 20'],
  },
  {
    change: 'sequence cycle',
    sql: 'ALTER SEQUENCE app.counter CYCLE',
    expected: ['altered sequence app.counter, cycle: no → yes'],
  },
  {
    change: 'sequence owned by',
    sql: 'ALTER SEQUENCE app.counter OWNED BY app.child.id',
    expected: ['altered sequence app.counter, owned by: none → app.child.id'],
  },
  {
    change: 'sequence value alone',
    sql: "SELECT nextval('app.counter'), setval('app.counter', 70)",
    expected: [],
  },
  {
    change: 'view definition',
    sql: 'CREATE OR REPLACE VIEW app.names AS SELECT id, upper(name) AS name FROM app.parent',
    expected: ['altered view app.names, definition: (text) → (text)'],
  },
  {
    change: 'view columns',
    sql: 'CREATE OR REPLACE VIEW app.names AS SELECT id, name, code FROM app.parent',
    expected: [
      'altered view app.names, columns: id bigint, name text → id bigint, name text, code character varying(20)',
      'altered view app.names, definition: (text) → (text)',
    ],
  },
  {
    change: 'view options',
    sql: 'ALTER VIEW app.names SET (security_barrier = true)',
    expected: ['altered view app.names, options: none → security_barrier=true'],
  },
  {
    change: 'view owner',
    sql: 'CREATE ROLE pgi_alice; ALTER VIEW app.names OWNER TO pgi_alice',
    expected: ['altered view app.names, owner: postgres → pgi_alice'],
  },
  {
    change: 'view grants',
    sql: 'GRANT SELECT ON app.names TO PUBLIC',
    expected: [
      'altered view app.names, grants: none → PUBLIC: SELECT; postgres: DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE',
    ],
  },
  {
    change: 'view comment',
    sql: "COMMENT ON VIEW app.names IS 'names'",
    expected: ['altered view app.names, comment: none → names'],
  },
  {
    change: 'view column default',
    sql: "ALTER VIEW app.names ALTER name SET DEFAULT 'x'",
    expected: ['extra view column settings app.names.name'],
  },
  {
    change: 'view column comment',
    sql: "COMMENT ON COLUMN app.names.name IS 'who'",
    expected: ['extra view column settings app.names.name'],
  },
  {
    change: 'materialized view populated',
    sql: 'REFRESH MATERIALIZED VIEW app.totals WITH NO DATA',
    expected: ['altered materialized view app.totals, populated: yes → no'],
  },
  {
    change: 'materialized view definition',
    sql: 'DROP MATERIALIZED VIEW app.totals; CREATE MATERIALIZED VIEW app.totals AS SELECT parent_id, count(note) AS n FROM app.child GROUP BY 1',
    expected: ['altered materialized view app.totals, definition: (text) → (text)'],
  },
  {
    change: 'materialized view options',
    sql: 'ALTER MATERIALIZED VIEW app.totals SET (fillfactor = 40)',
    expected: ['altered materialized view app.totals, options: none → fillfactor=40'],
  },
  {
    change: 'materialized view column statistics target',
    sql: 'ALTER MATERIALIZED VIEW app.totals ALTER n SET STATISTICS 7',
    expected: ['extra view column settings app.totals.n'],
  },
  {
    change: 'trigger function body',
    sql: "CREATE OR REPLACE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    expected: ['altered function app.touch(), body: BEGIN RETURN NEW; END → BEGIN RETURN OLD; END'],
  },
  {
    change: 'trigger definition',
    sql: 'CREATE OR REPLACE TRIGGER parent_touch AFTER UPDATE ON app.parent FOR EACH ROW EXECUTE FUNCTION app.touch()',
    expected: [
      'altered trigger app.parent.parent_touch, definition: CREATE TRIGGER parent_touch BEFORE UPDATE ON app.parent FOR EACH ROW EXECUTE FUNCTION app.touch() → CREATE TRIGGER parent_touch AFTER UPDATE ON app.parent FOR EACH ROW EXECUTE FUNCTION app.touch()',
    ],
  },
  {
    change: 'trigger state',
    sql: 'ALTER TABLE app.parent DISABLE TRIGGER parent_touch',
    expected: ['altered trigger app.parent.parent_touch, state: enabled → disabled'],
  },
  {
    change: 'trigger state always',
    sql: 'ALTER TABLE app.parent ENABLE ALWAYS TRIGGER parent_touch',
    expected: ['altered trigger app.parent.parent_touch, state: enabled → always'],
  },
  {
    change: 'trigger state on replicas',
    sql: 'ALTER TABLE app.parent ENABLE REPLICA TRIGGER parent_touch',
    expected: ['altered trigger app.parent.parent_touch, state: enabled → on replicas'],
  },
  {
    change: 'trigger comment',
    sql: "COMMENT ON TRIGGER parent_touch ON app.parent IS 'touches'",
    expected: ['altered trigger app.parent.parent_touch, comment: none → touches'],
  },
  {
    change: 'trigger on a view',
    sql: 'CREATE TRIGGER names_insert INSTEAD OF INSERT ON app.names FOR EACH ROW EXECUTE FUNCTION app.touch()',
    expected: ['extra trigger app.names.names_insert'],
  },
  {
    change: 'rule definition',
    sql: 'CREATE OR REPLACE RULE child_no_delete AS ON DELETE TO app.child WHERE old.id = 1 DO INSTEAD NOTHING',
    expected: ['altered rule app.child.child_no_delete, definition: (text) → (text)'],
  },
  {
    change: 'rule state',
    sql: 'ALTER TABLE app.child DISABLE RULE child_no_delete',
    expected: ['altered rule app.child.child_no_delete, state: enabled → disabled'],
  },
  {
    change: 'rule comment',
    sql: "COMMENT ON RULE child_no_delete ON app.child IS 'keep'",
    expected: ['altered rule app.child.child_no_delete, comment: none → keep'],
  },
  {
    change: 'policy permissive',
    sql: 'DROP POLICY parent_read ON app.parent; CREATE POLICY parent_read ON app.parent AS RESTRICTIVE FOR SELECT USING (flag)',
    expected: ['altered policy app.parent.parent_read, permissive: yes → no'],
  },
  {
    change: 'policy command',
    sql: 'DROP POLICY parent_read ON app.parent; CREATE POLICY parent_read ON app.parent FOR DELETE USING (flag)',
    expected: ['altered policy app.parent.parent_read, command: select → delete'],
  },
  {
    change: 'policy roles',
    sql: 'CREATE ROLE pgi_alice; ALTER POLICY parent_read ON app.parent TO pgi_alice',
    expected: ['altered policy app.parent.parent_read, roles: PUBLIC → pgi_alice'],
  },
  {
    change: 'policy using',
    sql: 'ALTER POLICY parent_read ON app.parent USING (NOT flag)',
    expected: ['altered policy app.parent.parent_read, using: flag → (NOT flag)'],
  },
  {
    change: 'policy with check',
    sql: 'CREATE POLICY parent_write ON app.parent FOR INSERT WITH CHECK (flag)',
    expected: ['extra policy app.parent.parent_write'],
  },
  {
    change: 'policy comment',
    sql: "COMMENT ON POLICY parent_read ON app.parent IS 'readers'",
    expected: ['altered policy app.parent.parent_read, comment: none → readers'],
  },
  {
    change: 'statistics object',
    sql: 'DROP STATISTICS app.child_stats; CREATE STATISTICS app.child_stats (ndistinct) ON parent_id, note FROM app.child',
    expected: [
      'altered statistics object app.child_stats, definition: CREATE STATISTICS app.child_stats (dependencies) ON parent_id, note FROM app.child → CREATE STATISTICS app.child_stats (ndistinct) ON parent_id, note FROM app.child',
    ],
  },
  {
    change: "statistics object's target",
    sql: 'ALTER STATISTICS app.child_stats SET STATISTICS 9',
    expected: ['altered statistics object app.child_stats, statistics target: none → 9'],
  },
  {
    change: "statistics object's comment",
    sql: "COMMENT ON STATISTICS app.child_stats IS 'together'",
    expected: ['altered statistics object app.child_stats, comment: none → together'],
  },
  {
    change: 'unique nulls not distinct',
    since: 15,
    sql: 'ALTER TABLE app.parent DROP CONSTRAINT parent_code_key, ADD CONSTRAINT parent_code_key UNIQUE NULLS NOT DISTINCT (code)',
    expected: [
      'altered unique constraint app.parent.parent_code_key, definition: UNIQUE (code) → UNIQUE NULLS NOT DISTINCT (code)',
    ],
  },
  {
    change: 'numeric of negative scale',
    since: 15,
    sql: 'ALTER TABLE app.remote ALTER id TYPE numeric(3, -2)',
    expected: ['altered column app.remote.id, type: integer → numeric(3,-2)'],
  },
  {
    change: 'foreign key sets some columns to null',
    since: 15,
    sql: 'ALTER TABLE app.child DROP CONSTRAINT child_parent_fkey, ADD CONSTRAINT child_parent_fkey FOREIGN KEY (parent_id) REFERENCES app.parent (id) ON DELETE SET NULL (parent_id)',
    expected: [
      'altered foreign key app.child.child_parent_fkey, definition: FOREIGN KEY (parent_id) REFERENCES app.parent(id) → FOREIGN KEY (parent_id) REFERENCES app.parent(id) ON DELETE SET NULL (parent_id)',
    ],
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
    change: 'materialized view tablespace and index',
    sql: 'CREATE UNIQUE INDEX totals_idx ON app.totals (parent_id)',
    expected: ['extra index app.totals_idx'],
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
  {
    change: 'check not enforced',
    since: 18,
    sql: 'ALTER TABLE app.parent DROP CONSTRAINT parent_amount_check, ADD CONSTRAINT parent_amount_check CHECK (amount >= 0) NOT ENFORCED',
    expected: [
      'altered check constraint app.parent.parent_amount_check, enforced: yes → no',
      'altered check constraint app.parent.parent_amount_check, validated: yes → no',
    ],
  },
  {
    change: 'foreign key not enforced',
    since: 18,
    sql: 'ALTER TABLE app.child ALTER CONSTRAINT child_parent_fkey NOT ENFORCED',
    expected: [
      'altered foreign key app.child.child_parent_fkey, enforced: yes → no',
      'altered foreign key app.child.child_parent_fkey, validated: yes → no',
    ],
  },
  {
    change: 'key without overlaps',
    since: 18,
    sql: 'ALTER TABLE app.slot ADD CONSTRAINT once UNIQUE (room, during WITHOUT OVERLAPS)',
    expected: ['extra unique constraint app.slot.once'],
  },
];
