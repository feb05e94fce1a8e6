/** Hand-made traces: properties are pure, so their edges can be stated without a database. */
import { makeCatalog, type CatalogObject } from '../../harness/core/catalog.ts';
import type { Row } from '../../harness/core/dataset.ts';
import { NO_DECLARATIONS, type Declarations } from '../../harness/core/declarations.ts';
import { sha256 } from '../../harness/core/hash.ts';
import type { Migration, Script } from '../../harness/core/migration.ts';
import type { JudgementContext } from '../../harness/core/property.ts';
import type { ColumnType, SchemaModel } from '../../harness/core/schema.ts';
import type { SequenceState, Snapshot, TableState } from '../../harness/core/snapshot.ts';
import type { DatabaseFault, Moment, MomentName, ScriptOutcome, Trace } from '../../harness/core/trace.ts';
import { PLAIN } from '../../harness/layouts/tools.ts';
import { makeColumn, makeTable } from '../core/make-schema.ts';

interface TableSketch {
  readonly columns: readonly string[];
  readonly types?: readonly string[];
  readonly key?: readonly string[];
  readonly rows: readonly Row[];
}

export interface StateSketch {
  readonly tables?: Readonly<Record<string, TableSketch>>;
  readonly objects?: readonly CatalogObject[];
  readonly sequences?: readonly SequenceState[];
  readonly projections?: Snapshot['projections'];
}

export const COMPLETED: ScriptOutcome = { status: 'completed', statements: 1, durationMs: 1 };

export function failed(over: Partial<DatabaseFault> = {}): ScriptOutcome {
  const fault: DatabaseFault = {
    code: '23505',
    class: 'unique',
    message: 'duplicate key',
    detail: null,
    hint: null,
    constraint: 'users_email_key',
    table: 'public.users',
    column: null,
    ...over,
  };
  return { status: 'failed', fault, at: null, durationMs: 1 };
}

function makeSnapshot(sketch: StateSketch): Snapshot {
  const tables = Object.entries(sketch.tables ?? {}).map(
    ([table, { columns, types, key, rows }]): [string, TableState] => {
      const sorted = rows.map((row) => JSON.stringify(row)).toSorted();
      const digest = sha256(JSON.stringify([columns, sorted]));
      const state = {
        table,
        columns,
        types: types ?? columns.map(() => 'text'),
        primaryKey: key ?? [],
        rowCount: rows.length,
        rows,
        digest,
      };
      return [table, state];
    },
  );
  return {
    catalog: makeCatalog(sketch.objects ?? []),
    tables: new Map(tables),
    sequences: sketch.sequences ?? [],
    projections: sketch.projections ?? [],
  };
}

export function makeMoment(name: MomentName, sketch: StateSketch, outcome: ScriptOutcome | null = COMPLETED): Moment {
  const direction = name.includes('down') ? 'down' : 'up';
  const step = name === 'before' || outcome === null ? null : ({ direction, outcome } as const);
  return { name, step, snapshot: makeSnapshot(sketch), violations: [], invariantsAsked: [] };
}

export function makeTrace(moments: readonly Moment[], over: Partial<Trace> = {}): Trace {
  return { scenario: 'standard', moments, endedEarly: null, preconditionRows: 0, evidence: null, ...over };
}

function makeScript(text: string): Script {
  return { file: '0001_x.sql', text, sha256: sha256(text), transaction: 'autocommit', chunks: [{ text, offset: 0 }] };
}

export interface ContextSketch {
  readonly declarations?: Partial<Declarations>;
  readonly keepsLedger?: boolean;
  readonly down?: string | null;
  readonly up?: string;
  readonly mentioned?: readonly string[];
  readonly volatile?: readonly string[];
  readonly model?: SchemaModel;
}

const TEXT: ColumnType = { kind: 'text', maxLength: null, fixed: false, caseInsensitive: false };

const USERS_MODEL: SchemaModel = {
  dialect: 'postgres',
  tables: [
    makeTable('users', [makeColumn('id', TEXT), makeColumn('name', TEXT, { isNullable: true })], {
      primaryKey: ['id'],
    }),
  ],
};

export function makeContext(sketch: ContextSketch = {}): JudgementContext {
  const migration: Migration = {
    id: '0001',
    name: '0001_x',
    up: makeScript(sketch.up ?? 'ALTER TABLE users ADD x int;'),
    down: sketch.down === null ? null : makeScript(sketch.down ?? 'ALTER TABLE users DROP x;'),
    declarations: { ...NO_DECLARATIONS, ...sketch.declarations },
  };
  return {
    set: {
      name: 'set',
      path: 'set',
      layout: 'plain',
      dialect: 'postgres',
      migrations: [migration],
      keepsLedger: sketch.keepsLedger ?? false,
      tool: PLAIN,
      sqliteForeignKeys: false,
      notes: [],
    },
    migration,
    model: sketch.model ?? USERS_MODEL,
    mentioned: new Set(sketch.mentioned ?? ['public.users']),
    volatileColumns: new Set(sketch.volatile ?? []),
    invariantIds: [],
    queryIds: [],
    pagerIds: [],
    parity: null,
    runStartedMs: Date.now(),
  };
}

/** A state with one users table. */
export function users(...rows: readonly Row[]): StateSketch {
  return { tables: { 'public.users': { columns: ['id', 'name'], key: ['id'], rows } } };
}
