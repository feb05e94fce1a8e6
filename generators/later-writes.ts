/**
 * Later writes: what an application does on a schema whose tables already hold rows. Inserts are the rows of a generated dataset, which
 * is legal beside the rows that are there. Updates put all but the keys of a generated row over one that is there, so that conditions
 * over several columns still hold. Deletes take rows as they come; what a constraint refuses did not happen.
 */
import type { Dataset, Row, TableRows } from '../harness/core/dataset.ts';
import type { LaterWrite, NamedCells } from '../harness/core/later-write.ts';
import type { SchemaModel, Table } from '../harness/core/schema.ts';
import type { Draw } from './draw.ts';
import type { Novelty } from './novelties.ts';

/** Rows put into one table; a failure seldom needs more, and each is reduced. */
const MOST_INSERTS = 4;
const MOST_UPDATES = 2;
const DELETE_PERCENT = 40;

/**
 * The writes: inserts with parents first, then updates, then deletes with children first. Tables without a primary key get inserts alone.
 * Each case takes one of `novelties` into its inserts. In every other case one table alone is written to: what the writes of one table
 * do should not hide behind what those of another one do.
 */
export function makeLaterWrites(
  model: SchemaModel,
  made: Dataset,
  novelties: readonly Novelty[],
  index: number,
  draw: Draw,
): readonly LaterWrite[] {
  const given = index % 2 === 0 ? made : oneTable(model, made, Math.floor(index / 2), draw);
  const novelty = novelties[index % Math.max(1, novelties.length)];
  const tables =
    novelty === undefined ? given.tables : given.tables.map((rows) => withNovelty(model, rows, novelty, draw));
  const inserts = tables.flatMap(({ table, columns, rows }) =>
    rows.slice(0, MOST_INSERTS).map((row): LaterWrite => ({ op: 'insert', table, columns, row })),
  );
  const changes = tables.flatMap((rows) => {
    const table = model.tables.find(({ key }) => key === rows.table);
    return table === undefined || table.primaryKey.length === 0 ? [] : [changesOf(table, rows, draw)];
  });
  return [
    ...inserts,
    ...changes.flatMap(({ updates }) => updates),
    ...changes.toReversed().flatMap(({ deletes }) => deletes),
  ];
}

/** The rows of one table, as children of rows that are there. Tables take turns: with few cases, chance would leave one out. */
function oneTable(model: SchemaModel, made: Dataset, turn: number, draw: Draw): Dataset {
  const chosen = made.tables[turn % made.tables.length];
  if (chosen === undefined || made.tables.length < 2) return made;
  const foreignKeys = model.tables.find(({ key }) => key === chosen.table)?.foreignKeys ?? [];
  const rows = chosen.rows.map((row) => {
    const cells = [...row];
    for (const key of foreignKeys) {
      const parents = model.tables.find((table) => table.key === key.refTable);
      if (parents === undefined || parents.existing.length === 0) continue;
      const parent = draw.pick(parents.existing);
      for (const [at, name] of key.columns.entries()) {
        const place = chosen.columns.indexOf(name);
        if (place !== -1 && cells[place] !== null)
          cells[place] = parent[parents.columns.findIndex((column) => column.name === key.refColumns[at])] ?? null;
      }
    }
    return cells;
  });
  return { tables: [{ ...chosen, rows }] };
}

/** The rows with something in the first that only the new schema admits. */
function withNovelty(model: SchemaModel, rows: TableRows, novelty: Novelty, draw: Draw): TableRows {
  const [first, ...others] = rows.rows;
  if (novelty.table !== rows.table || first === undefined) return rows;
  const cells = [...first];
  if (novelty.kind === 'value') {
    const at = rows.columns.indexOf(novelty.column);
    if (at === -1) return rows;
    cells[at] = novelty.cell;
    return { ...rows, rows: [cells, ...others] };
  }
  const table = model.tables.find(({ key }) => key === rows.table);
  const twins = (table?.existing ?? []).map((row) => novelty.columns.map((name) => row[placeOf(table, name)] ?? null));
  const twin = twins.length === 0 ? null : draw.pick(twins);
  if (twin === null) return rows;
  for (const [at, name] of novelty.columns.entries()) {
    const place = rows.columns.indexOf(name);
    if (place === -1) return rows;
    cells[place] = twin[at] ?? null;
  }
  return { ...rows, rows: [cells, ...others] };
}

function placeOf(table: Table | undefined, name: string): number {
  return table?.columns.findIndex((column) => column.name === name) ?? -1;
}

/** Changes of rows that are there; one row, the first, is always left alone. */
function changesOf(table: Table, made: TableRows, draw: Draw): { updates: LaterWrite[]; deletes: LaterWrite[] } {
  const keys = draw.shuffle(table.existing.slice(1)).map((row) => keyOf(table, row));
  const columns = made.columns.filter((name) => isFree(table, name));
  const places = columns.map((name) => made.columns.indexOf(name));
  const updated = columns.length === 0 ? [] : keys.slice(0, draw.integer(1, MOST_UPDATES));
  const updates = updated.map((key): LaterWrite => {
    const from = draw.pick(made.rows);
    return { op: 'update', table: table.key, key, columns, row: places.map((at) => from[at] ?? null) };
  });
  const doomed = draw.chance(DELETE_PERCENT) ? keys.slice(updated.length, updated.length + 1) : [];
  return { updates, deletes: doomed.map((key): LaterWrite => ({ op: 'delete', table: table.key, key })) };
}

function keyOf(table: Table, row: Row): NamedCells {
  return {
    columns: table.primaryKey,
    row: table.primaryKey.map((name) => row[table.columns.findIndex((column) => column.name === name)] ?? null),
  };
}

/** Whether a column can take any generated value without meeting another row. */
function isFree(table: Table, name: string): boolean {
  const column = table.columns.find((candidate) => candidate.name === name);
  return (
    column !== undefined &&
    column.generated === null &&
    column.identity !== 'always' &&
    !table.primaryKey.includes(name) &&
    !table.uniques.some((unique) => unique.columns.includes(name)) &&
    !table.exclusions.some((exclusion) => exclusion.columns.includes(name))
  );
}
