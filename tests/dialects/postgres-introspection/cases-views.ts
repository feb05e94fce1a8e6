/**
 * One change to the base schema (`fixtures/base.sql`) a case, and exactly what the comparison of the catalogs must say about it: views, sequences, triggers, rules and policies.
 */
import type { CatalogCase } from './catalog-case.ts';

export const VIEW_CASES: readonly CatalogCase[] = [
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
    change: 'materialized view tablespace and index',
    sql: 'CREATE UNIQUE INDEX totals_idx ON app.totals (parent_id)',
    expected: ['extra index app.totals_idx'],
  },
];
