/**
 * What the data of a run came by: of each column whether it was NULL, at the bounds of its type, and finer than a millisecond; of each child table whether it
 * had a row with a parent; of each constraint whether a row that breaks it was refused. Counted on the rows that were really in the database.
 */
import type { CertifiedCoverage, CoverageObligation } from '../core/certificate.ts';
import type { Cell, Dataset } from '../core/dataset.ts';
import type { Column, ColumnType, SchemaModel, Table } from '../core/schema.ts';
import { compareText } from '../core/text.ts';
import type { Trace } from '../core/trace.ts';
import type { MigrationRequest } from './judge-migration.ts';
import type { CaseRun } from './subject.ts';

/** What a set on one engine is to come by, and came by. */
export interface CoverageTally {
  /** Notes a case; `set`: the set and the engine, as `of` asks for them. */
  record(set: string, model: SchemaModel, loaded: Dataset, traces: readonly Trace[]): void;
  of(set: string): CertifiedCoverage;
}

interface Obliged {
  readonly obligation: Omit<CoverageObligation, 'isMet'>;
  readonly isMetBy: (cell: Cell) => boolean;
}

interface SetCoverage {
  readonly obliged: Map<string, Omit<CoverageObligation, 'isMet'>>;
  readonly met: Set<string>;
}

/** Nothing seen yet. */
export function makeCoverageTally(): CoverageTally {
  const sets = new Map<string, SetCoverage>();
  const asked = new WeakMap<SchemaModel, ReadonlyMap<string, readonly Obliged[]>>();
  const setOf = (set: string): SetCoverage => {
    const known = sets.get(set) ?? { obliged: new Map(), met: new Set() };
    sets.set(set, known);
    return known;
  };
  return {
    record(set, model, loaded, traces) {
      const { obliged, met } = setOf(set);
      const byColumn = asked.get(model) ?? obligationsOf(model);
      if (!asked.has(model)) {
        asked.set(model, byColumn);
        for (const { obligation } of [...byColumn.values()].flat()) obliged.set(keyOf(obligation), obligation);
      }
      for (const { table, columns, rows } of loaded.tables)
        for (const [at, column] of columns.entries())
          for (const { obligation, isMetBy } of byColumn.get(JSON.stringify([table, column])) ?? []) {
            const key = keyOf(obligation);
            if (!met.has(key) && rows.some((row) => isMetBy(row[at] ?? null))) met.add(key);
          }
      for (const { evidence } of traces) {
        if (evidence?.kind !== 'probes') continue;
        for (const { table, constraint, part, outcome } of evidence.probes) {
          if (part !== 'refusal') continue;
          const obligation = { table, of: constraint, what: 'refuses a row that breaks it' } as const;
          obliged.set(keyOf(obligation), obligation);
          if (outcome !== 'unknown') met.add(keyOf(obligation));
        }
      }
    },
    of(set) {
      const { obliged, met } = setOf(set);
      const all = [...obliged].toSorted(([a], [b]) => compareText(a, b));
      return {
        met: all.filter(([key]) => met.has(key)).length,
        obligations: all.map(([key, obligation]) => ({ ...obligation, isMet: met.has(key) })),
      };
    },
  };
}

/** Tells whoever counts it what a case came by. */
export function countCoverage(
  { plan, subject, engine }: Pick<MigrationRequest, 'plan' | 'subject' | 'engine'>,
  { loaded, traces }: Pick<CaseRun, 'loaded' | 'traces'>,
): void {
  const set = coverageKey({ path: subject.planned.set.path, engineVersion: engine.version });
  plan.coverage?.record(set, subject.model, loaded, traces);
}

/** A set on one engine. */
export function coverageKey({
  path,
  engineVersion,
}: {
  readonly path: string;
  readonly engineVersion: string;
}): string {
  return JSON.stringify([path, engineVersion]);
}

function keyOf({ table, of, what }: Omit<CoverageObligation, 'isMet'>): string {
  return JSON.stringify([table, of, what]);
}

function obligationsOf({ tables }: SchemaModel): ReadonlyMap<string, readonly Obliged[]> {
  const byColumn = new Map<string, readonly Obliged[]>();
  for (const table of tables) {
    if (table.notInsertable !== null) continue;
    for (const column of table.columns)
      if (column.generated === null && column.type.kind !== 'unsupported')
        byColumn.set(JSON.stringify([table.key, column.name]), obligationsOfColumn(table, column));
  }
  return byColumn;
}

function obligationsOfColumn(table: Table, column: Column): readonly Obliged[] {
  const make = (what: CoverageObligation['what'], isMetBy: (cell: Cell) => boolean): Obliged => ({
    obligation: { table: table.key, of: column.name, what },
    isMetBy,
  });
  const isChild = table.foreignKeys.some(({ columns, isEnforced }) => isEnforced && columns.includes(column.name));
  // A key takes what its parent has, and a check, a trigger or a partition may leave no room for the bounds of the type.
  const isNarrowed =
    isChild ||
    table.partitioning !== null ||
    table.triggers.length > 0 ||
    table.checks.some(({ columns }) => columns.includes(column.name));
  return [
    ...(column.isNullable ? [make('NULL', (cell) => cell === null)] : []),
    ...(isChild ? [make('a row with a parent', (cell) => cell !== null)] : []),
    ...(isNarrowed
      ? []
      : boundsOf(column.type).map(({ what, isAt }) => make(what, (cell) => cell !== null && isAt(cell)))),
    ...(isNarrowed || !hasMicroseconds(column.type)
      ? []
      : [make('finer than a millisecond', (cell) => cell !== null && /\.\d{3}\d*[1-9]/u.test(cell))]),
  ];
}

interface Bound {
  readonly what: CoverageObligation['what'];
  readonly isAt: (cell: string) => boolean;
}

/** Types without bounds that a value can be at have none. */
function boundsOf(type: ColumnType): readonly Bound[] {
  switch (type.kind) {
    case 'integer':
      return [
        { what: 'the least value', isAt: (cell) => cell === type.min },
        { what: 'the greatest value', isAt: (cell) => cell === type.max },
      ];
    case 'boolean':
      return [
        { what: 'the least value', isAt: (cell) => cell === 'f' || cell === 'false' },
        { what: 'the greatest value', isAt: (cell) => cell === 't' || cell === 'true' },
      ];
    case 'enum':
      return [
        { what: 'the least value', isAt: (cell) => cell === type.labels[0] },
        { what: 'the greatest value', isAt: (cell) => cell === type.labels.at(-1) },
      ];
    case 'numeric': {
      const { precision, scale } = type;
      if (precision === null || scale === null || scale < 0 || scale > precision) return [];
      const whole = '9'.repeat(precision - scale) || '0';
      const most = scale === 0 ? whole : `${whole}.${'9'.repeat(scale)}`;
      return [
        { what: 'the least value', isAt: (cell) => cell === `-${most}` },
        { what: 'the greatest value', isAt: (cell) => cell === most },
      ];
    }
    case 'text': {
      const { maxLength } = type;
      return maxLength === null
        ? []
        : [{ what: 'the longest text', isAt: (cell) => Array.from(cell).length === maxLength }];
    }
    case 'domain':
      return type.checks.length > 0 ? [] : boundsOf(type.base);
    default:
      return [];
  }
}

function hasMicroseconds(type: ColumnType): boolean {
  if (type.kind === 'domain') return type.checks.length === 0 && hasMicroseconds(type.base);
  return (type.kind === 'timestamp' || type.kind === 'time') && type.precision > 3;
}
