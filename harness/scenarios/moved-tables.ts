/**
 * Which tables of a new schema hold what old tables held: those that only it has and that the up fills from the rows that are there.
 */
import type { WritesEvidence } from '../core/evidence.ts';
import type { Column, SchemaModel, Table } from '../core/schema.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { ScenarioSetting } from './scenario.ts';

/** Rows of each table after the up of a state without generated rows: what the up puts in whatever the data are. */
const seeded = new WeakMap<ScenarioSetting, Promise<ReadonlyMap<string, number>>>();

/** The moved tables, with the columns that the old rows decide: numbers, defaults and what refers to them are made anew by each up. */
export async function movedTables(
  setting: ScenarioSetting,
  after: SchemaModel,
  up: Snapshot | undefined,
  written: Snapshot,
): Promise<WritesEvidence['moved']> {
  const old = new Set(setting.model.tables.map(({ key }) => key));
  const filled = after.tables.filter(
    ({ key }) =>
      !old.has(key) &&
      (up?.tables.get(key)?.rowCount ?? 0) > 0 &&
      up?.tables.get(key)?.digest !== written.tables.get(key)?.digest,
  );
  if (filled.length === 0) return [];
  const known = seeded.get(setting) ?? countSeeds(setting);
  seeded.set(setting, known);
  const seeds = await known;
  return filled
    .filter(({ key }) => (up?.tables.get(key)?.rowCount ?? 0) > (seeds.get(key) ?? 0))
    .map((table) => ({ table: table.key, columns: decidedColumns(table, after, old) }));
}

async function countSeeds(setting: ScenarioSetting): Promise<ReadonlyMap<string, number>> {
  const database = await setting.open();
  await database.execute(setting.migration.up, setting.limits);
  const { snapshot } = await setting.observe(database).observe('after-up', null);
  return new Map([...snapshot.tables].map(([key, { rowCount }]) => [key, rowCount]));
}

function decidedColumns(table: Table, model: SchemaModel, old: ReadonlySet<string>): readonly string[] {
  return table.columns
    .filter((column) => !isMadeAnew(column) && !refersToNew(table, column, model, old))
    .map(({ name }) => name);
}

function isMadeAnew({ generated, identity, isAutoNumbered, defaultSql }: Column): boolean {
  return generated !== null || identity !== null || isAutoNumbered || /\(|^current_/i.test(defaultSql ?? '');
}

function refersToNew(table: Table, { name }: Column, model: SchemaModel, old: ReadonlySet<string>): boolean {
  return table.foreignKeys.some((key) => {
    const at = key.columns.indexOf(name);
    const target = model.tables.find((candidate) => candidate.key === key.refTable);
    const column = target?.columns.find((candidate) => candidate.name === key.refColumns[at]);
    return at !== -1 && !old.has(key.refTable) && column !== undefined && isMadeAnew(column);
  });
}
