/** Works out again what follows from the rows of a dataset, after some of them were removed or changed. */
import type { Cell, Dataset, Row, TableRows } from '../../harness/core/dataset.ts';
import { findTable } from '../../harness/core/schema-lookup.ts';
import type { SchemaModel } from '../../harness/core/schema.ts';
import { valueText } from '../overrides.ts';
import type { ModelPlan, TablePlan } from '../plan/table-plan.ts';
import type { DatasetConfig, DatasetRow, DatasetRows } from './dataset-generator.ts';
import { derived } from './given-rows.ts';

/** The dataset with every `derive` applied; the same object where there is none. Columns and the order of tables stay. */
export function settleDataset(
  configs: readonly DatasetConfig[],
  model: SchemaModel,
  plan: ModelPlan,
  dataset: Dataset,
): Dataset {
  let settled = dataset;
  for (const config of configs) if (config.derive !== undefined) settled = settleOne(config, model, plan, settled);
  return settled;
}

function settleOne(config: DatasetConfig, model: SchemaModel, plan: ModelPlan, dataset: Dataset): Dataset {
  const known = dataset.tables.flatMap((table) => {
    const tablePlan = plan.byKey.get(table.table);
    return tablePlan === undefined ? [] : [{ table, tablePlan }];
  });
  const before = Object.fromEntries(
    known.map(({ table, tablePlan }) => [nameOf(tablePlan, model), read(table, tablePlan)]),
  );
  const after = derived(config, before, model);
  const byKey = new Map(Object.entries(after).map(([name, rows]) => [findTable(model, name)?.key ?? name, rows]));
  return {
    tables: dataset.tables.map((table) => {
      const tablePlan = plan.byKey.get(table.table);
      const rows = byKey.get(table.table);
      return tablePlan === undefined || rows === undefined ? table : write(table, tablePlan, rows);
    }),
  };
}

/** The bare name where it is unique, as people write it. */
function nameOf({ table }: TablePlan, model: SchemaModel): string {
  return findTable(model, table.name)?.key === table.key ? table.name : table.key;
}

function read(table: TableRows, plan: TablePlan): readonly DatasetRow[] {
  const storages = table.columns.map((name) => plan.columns.find(({ column }) => column.name === name)?.storage);
  return table.rows.map((row) =>
    Object.fromEntries(
      table.columns.map((name, at) => {
        const cell = row[at] ?? null;
        return [name, cell === null ? null : (storages[at]?.decode(cell) ?? cell)];
      }),
    ),
  );
}

function write(table: TableRows, plan: TablePlan, rows: DatasetRows[string]): TableRows {
  const columns = table.columns.map((name) => plan.columns.find(({ column }) => column.name === name));
  return {
    ...table,
    rows: rows.map((row): Row =>
      table.columns.map((name, at): Cell => {
        const column = columns[at];
        const value = row[name];
        if (column === undefined || value === undefined || value === null) return null;
        const text = valueText(value, column.storage, `${table.table}.${name}`);
        return text === null ? null : column.storage.encode(text);
      }),
    ),
  };
}
