/**
 * A part of other people's data that is whole in itself: no row without the rows that it refers to, and families rather than strays.
 *
 * A table within the limit is taken whole. Of a larger one the oldest and the newest rows are taken (by primary key): releases that are years
 * apart wrote them. The rows that refer to a table of which only a part was taken are those of that part; whatever else they refer to follows.
 */
import type { Dataset, Row, TableRows } from '../../harness/core/dataset.ts';
import type { ForeignKey, SchemaModel, Table } from '../../harness/core/schema.ts';
import { writableColumns, type SourceData } from '../../harness/core/source-data.ts';

export interface Sample {
  readonly dataset: Dataset;
  /** Rows of each table in the data, and of those taken. */
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly taken: number }[];
}

/** Rows that are asked for by key at once. */
const KEYS_AT_ONCE = 500;

/** Takes at most about `limit` rows of each table: rows that others need may be more. */
export async function takeSample(source: SourceData, limit: number): Promise<Sample> {
  const tables = parentsFirst(source.model);
  const taken = new Map<string, Taken>();
  const counts = new Map<string, number>();
  for (const table of tables) {
    const rows = await source.countRows(table);
    counts.set(table.key, rows);
    const own = new Taken(table, rows);
    taken.set(table.key, own);
    own.add(await firstRows(source, table, rows, limit, taken));
  }
  await close(source, tables, taken);
  return {
    dataset: {
      tables: tables.map((table) => taken.get(table.key)?.toRows() ?? { table: table.key, columns: [], rows: [] }),
    },
    tables: tables.map(({ key }) => ({
      table: key,
      rows: counts.get(key) ?? 0,
      taken: taken.get(key)?.rows.length ?? 0,
    })),
  };
}

async function firstRows(
  source: SourceData,
  table: Table,
  count: number,
  limit: number,
  taken: ReadonlyMap<string, Taken>,
): Promise<readonly Row[]> {
  const families = table.foreignKeys.find(
    ({ refTable }) => refTable !== table.key && taken.get(refTable)?.isPart === true,
  );
  const parents = families === undefined ? undefined : taken.get(families.refTable);
  if (families !== undefined && parents !== undefined) return childrenOf(source, table, families, parents, limit);
  if (count <= limit) return source.rowsAt(table, 'first', count);
  // Without a key nothing tells a row from its double, so the two ends cannot be joined.
  if (table.primaryKey.length === 0) return source.rowsAt(table, 'first', limit);
  const oldest = await source.rowsAt(table, 'first', Math.ceil(limit / 2));
  return [...oldest, ...(await source.rowsAt(table, 'last', Math.floor(limit / 2)))];
}

async function childrenOf(
  source: SourceData,
  table: Table,
  { columns, refColumns }: ForeignKey,
  parents: Taken,
  limit: number,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const keys = parents.keysOf(refColumns);
  for (let from = 0; from < keys.length && rows.length < limit; from += KEYS_AT_ONCE)
    rows.push(...(await source.rowsWith(table, columns, keys.slice(from, from + KEYS_AT_ONCE), limit - rows.length)));
  return rows;
}

/** Adds what rows refer to, until nothing is missing. */
async function close(source: SourceData, tables: readonly Table[], taken: ReadonlyMap<string, Taken>): Promise<void> {
  for (let hasGrown = true; hasGrown;) {
    hasGrown = false;
    for (const table of tables)
      for (const { columns, refTable, refColumns } of table.foreignKeys) {
        const parents = taken.get(refTable);
        if (parents === undefined || !parents.isPart) continue;
        const known = new Set(parents.keysOf(refColumns).map((key) => JSON.stringify(key)));
        const missing = (taken.get(table.key)?.keysOf(columns) ?? []).filter((key) => !known.has(JSON.stringify(key)));
        for (let from = 0; from < missing.length; from += KEYS_AT_ONCE) {
          const keys = missing.slice(from, from + KEYS_AT_ONCE);
          if (parents.add(await source.rowsWith(parents.table, refColumns, keys, keys.length))) hasGrown = true;
        }
      }
  }
}

class Taken {
  readonly table: Table;
  readonly rows: Row[] = [];
  readonly #count: number;
  readonly #columns: readonly string[];
  readonly #known = new Set<string>();

  constructor(table: Table, count: number) {
    this.table = table;
    this.#count = count;
    this.#columns = writableColumns(table);
  }

  /** Whether rows of the table were left. */
  get isPart(): boolean {
    return this.rows.length < this.#count;
  }

  /** Adds rows that are not there yet; true where any was. Rows of a table without any key are all new. */
  add(rows: readonly Row[]): boolean {
    const before = this.rows.length;
    const isIdentified = this.table.uniques.length > 0;
    for (const row of rows) {
      const identity = JSON.stringify(row);
      if (isIdentified && this.#known.has(identity)) continue;
      this.#known.add(identity);
      this.rows.push(row);
    }
    return this.rows.length > before;
  }

  /** The distinct values of some columns, without those that hold a NULL. */
  keysOf(columns: readonly string[]): readonly Row[] {
    const at = columns.map((name) => this.#columns.indexOf(name));
    const keys = new Map<string, Row>();
    for (const row of this.rows) {
      const key = at.map((index) => row[index] ?? null);
      if (!key.includes(null)) keys.set(JSON.stringify(key), key);
    }
    return [...keys.values()];
  }

  toRows(): TableRows {
    return { table: this.table.key, columns: this.#columns, rows: this.rows };
  }
}

/** Tables in an order in which those that are referred to come first, as far as there is one. */
function parentsFirst(model: SchemaModel): readonly Table[] {
  const byKey = new Map(model.tables.map((table) => [table.key, table]));
  const ordered = new Set<Table>();
  const visiting = new Set<Table>();
  const visit = (table: Table): void => {
    if (ordered.has(table) || visiting.has(table)) return;
    visiting.add(table);
    for (const { refTable } of table.foreignKeys) {
      const parent = byKey.get(refTable);
      if (parent !== undefined) visit(parent);
    }
    ordered.add(table);
  };
  for (const table of model.tables) visit(table);
  return [...ordered];
}
