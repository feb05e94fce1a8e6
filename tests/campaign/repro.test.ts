import { expect, it } from 'vitest';
import type { CatalogChange } from '../../harness/core/catalog.ts';
import type { Counterexample } from '../../harness/core/counterexample.ts';
import type { Finding } from '../../harness/core/property.ts';
import { reproOf } from '../../harness/campaign/repro.ts';
import type { Subject } from '../../harness/campaign/subject.ts';
import { postgresDialect } from '../../harness/dialects/postgres/dialect.ts';
import { sqliteDialect } from '../../harness/dialects/sqlite/dialect.ts';

const script = { file: '1_a.sql', text: 'SELECT 1;', sha256: '', transaction: 'autocommit' as const, chunks: [] };

/** What the script shows at its end for a finding. */
function checksFor(finding: Partial<Finding>, dialect = postgresDialect): string[] {
  const set = { name: 's', path: 's', layout: 'plain', dialect: dialect.name, migrations: [], notes: [] };
  const planned = { set, dialect, session: { foreignKeys: true, functions: {} }, invariants: [], conservations: [] };
  const model = { dialect: dialect.name, tables: [] };
  const migration = { id: '1', name: '1_a', up: script, down: null };
  const example = {
    set,
    migration,
    property: 'rollback-restores',
    clause: finding.clause ?? 'schema',
    scenario: 'standard',
    dataset: { tables: [] },
    finding: { message: 'it differs', object: '', catalogChanges: [], tableDifferences: [], fault: null, ...finding },
  };
  const text = reproOf(
    { planned, model, migration, index: 0 } as unknown as Subject,
    example as unknown as Counterexample,
    [],
  );
  return text.split('\n').filter((line) => /^(\\d|SELECT)/.test(line));
}

const extra = (kind: string, name: string, table: string | null = null): CatalogChange => ({
  change: 'extra',
  kind,
  name,
  table,
  attributes: {},
});

it('should show the object that differs, whatever its kind', () => {
  const show = (...changes: CatalogChange[]): string[] => checksFor({ catalogChanges: changes });
  expect(show(extra('function', 'public.touch(integer, text)'))).toEqual([String.raw`\df public.touch`]);
  expect(show(extra('enum', 'public."Mood"'), extra('sequence', 'public.n'))).toEqual([
    String.raw`\dT+ public."Mood"`,
    String.raw`\d public.n`,
  ]);
  expect(show(extra('index', 'public.i', 'public.t'), extra('column', 'public.t.c', 'public.t'))).toEqual([
    String.raw`\d+ public.t`,
  ]);
  expect(show(extra('policy of a new kind', 'x'))).toEqual([String.raw`\d`]);
  expect(checksFor({ catalogChanges: [extra('view', "it's")] }, sqliteDialect)).toEqual([
    "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = 'it''s';",
  ]);
});

it('should show where a sequence stands', () => {
  expect(checksFor({ clause: 'sequences', object: 'public.t_id_seq' })).toEqual([
    'SELECT last_value, is_called FROM public.t_id_seq;',
  ]);
});

it('should leave it at the error where a script failed', () => {
  const fault = { code: '42601', class: 'syntax', message: 'no' } as Finding['fault'];
  expect(checksFor({ clause: 'down-fails', fault })).toEqual([]);
  expect(checksFor({ clause: 'effect' })).toEqual([String.raw`\d`]);
});
