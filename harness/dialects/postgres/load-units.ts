/**
 * The order in which a dataset goes in: tables that refer to each other in a circle form one unit, parents' units come first.
 */
import type { Cell, Dataset, Row, TableRows } from '../../core/dataset.ts';
import type { ForeignKey, SchemaModel, Table } from '../../core/schema.ts';

export interface UnitTable {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly model: Table | undefined;
  /** Indexes of `columns` that can be written: generated columns cannot. */
  readonly written: readonly number[];
}

/** Tables whose rows go in with one statement, because their foreign keys form a circle. Usually one table. */
export interface Unit {
  readonly tables: readonly UnitTable[];
  readonly isCyclic: boolean;
}

/** A row of a unit by its place. */
export interface RowRef {
  readonly table: number;
  readonly row: number;
}

/** Cuts a dataset into units (Tarjan's strongly connected components), keeping its order where foreign keys allow. */
export function planUnits(dataset: Dataset, model: SchemaModel): Unit[] {
  const models = new Map(model.tables.map((table) => [table.key, table]));
  const entries = dataset.tables.filter((table) => table.rows.length > 0).map((table) => toUnitTable(table, models));
  const byKey = new Map<string, UnitTable[]>();
  for (const entry of entries) byKey.set(entry.table, [...(byKey.get(entry.table) ?? []), entry]);
  return components(entries, (entry) => parentsOf(entry).flatMap((key) => byKey.get(key) ?? []));
}

function parentsOf(entry: UnitTable): readonly string[] {
  return (entry.model?.foreignKeys ?? []).map((key) => key.refTable);
}

function toUnitTable({ table, columns, rows }: TableRows, models: ReadonlyMap<string, Table>): UnitTable {
  const model = models.get(table);
  const generated = new Set(
    (model?.columns ?? []).filter((column) => column.generated !== null).map((column) => column.name),
  );
  const written = columns.flatMap((name, index) => (generated.has(name) ? [] : [index]));
  return { table, columns, rows, model, written };
}

function components(entries: readonly UnitTable[], parents: (entry: UnitTable) => readonly UnitTable[]): Unit[] {
  const index = new Map<UnitTable, number>();
  const low = new Map<UnitTable, number>();
  const stack: UnitTable[] = [];
  const units: Unit[] = [];
  const visit = (entry: UnitTable): number => {
    const own = index.size;
    index.set(entry, own);
    let lowest = own;
    stack.push(entry);
    for (const parent of parents(entry)) {
      if (!index.has(parent)) lowest = Math.min(lowest, visit(parent));
      else if (stack.includes(parent)) lowest = Math.min(lowest, index.get(parent) ?? own);
    }
    low.set(entry, lowest);
    if (lowest === own) {
      const members = stack.splice(stack.indexOf(entry));
      const isCyclic = members.length > 1 || parents(entry).includes(entry);
      units.push({ tables: entries.filter((candidate) => members.includes(candidate)), isCyclic });
    }
    return lowest;
  };
  for (const entry of entries) if (!index.has(entry)) visit(entry);
  return units;
}

/**
 * Groups the rows of a unit by references among them: rows of different groups do not refer to each other.
 * Within a group, `dependents` tells which rows refer to a row, directly.
 */
export function groupRows(unit: Unit): {
  readonly groups: readonly RowRef[][];
  readonly dependents: ReadonlyMap<RowRef, readonly RowRef[]>;
} {
  const refs = unit.tables.map((table, index) => table.rows.map((_, row): RowRef => ({ table: index, row })));
  const all = refs.flat();
  const dependents = new Map<RowRef, RowRef[]>();
  const neighbours = new Map<RowRef, RowRef[]>(all.map((ref) => [ref, []]));
  unit.tables.forEach((child, childIndex) => {
    for (const key of child.model?.foreignKeys ?? []) {
      unit.tables.forEach((parent, parentIndex) => {
        if (parent.table !== key.refTable) return;
        for (const [childRow, parentRow] of matchRows(child, parent, key)) {
          const from = refs[childIndex]?.[childRow];
          const to = refs[parentIndex]?.[parentRow];
          if (from === undefined || to === undefined || from === to) continue;
          dependents.set(to, [...(dependents.get(to) ?? []), from]);
          neighbours.get(from)?.push(to);
          neighbours.get(to)?.push(from);
        }
      });
    }
  });
  return { groups: connected(all, neighbours), dependents };
}

function matchRows(child: UnitTable, parent: UnitTable, key: ForeignKey): [child: number, parent: number][] {
  const childColumns = key.columns.map((name) => child.columns.indexOf(name));
  const parentColumns = key.refColumns.map((name) => parent.columns.indexOf(name));
  const parents = new Map(parent.rows.map((row, index) => [identify(row, parentColumns), index]));
  return child.rows.flatMap((row, index): [number, number][] => {
    const identity = identify(row, childColumns);
    const found = identity === null ? undefined : parents.get(identity);
    return found === undefined ? [] : [[index, found]];
  });
}

/** Null where a cell is NULL: such a key refers to nothing. */
function identify(row: Row, columns: readonly number[]): string | null {
  const cells: Cell[] = columns.map((column) => row[column] ?? null);
  return cells.includes(null) ? null : JSON.stringify(cells);
}

function connected(all: readonly RowRef[], neighbours: ReadonlyMap<RowRef, readonly RowRef[]>): RowRef[][] {
  const seen = new Set<RowRef>();
  const groups: RowRef[][] = [];
  for (const start of all) {
    if (seen.has(start)) continue;
    const group: RowRef[] = [];
    const queue = [start];
    seen.add(start);
    for (let ref = queue.pop(); ref !== undefined; ref = queue.pop()) {
      group.push(ref);
      for (const next of neighbours.get(ref) ?? []) {
        if (!seen.has(next)) queue.push(next);
        seen.add(next);
      }
    }
    groups.push(group);
  }
  return groups;
}
