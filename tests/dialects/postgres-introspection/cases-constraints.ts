/**
 * One change to the base schema (`fixtures/base.sql`) a case, and exactly what the comparison of the catalogs must say about it: constraints, indexes and statistics objects.
 */
import type { CatalogCase } from './catalog-case.ts';

export const CONSTRAINT_CASES: readonly CatalogCase[] = [
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
    change: 'foreign key sets some columns to null',
    since: 15,
    sql: 'ALTER TABLE app.child DROP CONSTRAINT child_parent_fkey, ADD CONSTRAINT child_parent_fkey FOREIGN KEY (parent_id) REFERENCES app.parent (id) ON DELETE SET NULL (parent_id)',
    expected: [
      'altered foreign key app.child.child_parent_fkey, definition: FOREIGN KEY (parent_id) REFERENCES app.parent(id) → FOREIGN KEY (parent_id) REFERENCES app.parent(id) ON DELETE SET NULL (parent_id)',
    ],
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
