/** What the tests of the generators share: databases of both dialects with a schema in them, and what became of generated rows. */
import { readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { createDatasetSource, type DatasetSourceOptions } from '../../generators/dataset-source.ts';
import type { Cell, Dataset } from '../../harness/core/dataset.ts';
import type { Cluster, Refusal } from '../../harness/core/dialect.ts';
import type { SchemaModel, Table } from '../../harness/core/schema.ts';
import { sqliteDialect } from '../../harness/dialects/sqlite/dialect.ts';
import { openCluster, startServer } from '../dialects/postgres/support.ts';

/** The text of a fixture of this folder. */
export function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
}

/** A cluster that goes away with what it runs on. */
export async function openDialect(
  dialect: 'postgres' | 'sqlite',
): Promise<{ cluster: Cluster; close: () => Promise<void> }> {
  if (dialect === 'postgres') {
    const server = await startServer();
    const cluster = await openCluster(server);
    return {
      cluster,
      close: async () => {
        await cluster[Symbol.asyncDispose]();
        await server[Symbol.asyncDispose]();
      },
    };
  }
  const cluster = await sqliteDialect.openCluster(
    {
      dialect: 'sqlite',
      provider: 'sqlite',
      folder: null,
      runId: `t${randomBytes(5).toString('hex')}`,
      [Symbol.asyncDispose]: async () => undefined,
    },
    { foreignKeys: true, functions: {}, keep: false },
  );
  return {
    cluster,
    close: async () => {
      await cluster[Symbol.asyncDispose]();
    },
  };
}

export interface LoadSummary {
  readonly model: SchemaModel;
  readonly datasets: readonly Dataset[];
  readonly loaded: readonly Dataset[];
  readonly proposed: number;
  readonly refused: readonly Refusal[];
  /** Keys of the tables that had a row in some case. */
  readonly filled: ReadonlySet<string>;
}

/** Generates `cases` datasets for a schema and loads each into a database of its own. */
export async function loadCases(
  cluster: Cluster,
  sql: string,
  cases: number,
  options: DatasetSourceOptions & { readonly seed?: number; readonly focus?: readonly string[] } = {},
): Promise<LoadSummary> {
  await using origin = await cluster.create();
  await origin.run(sql);
  const model = await origin.introspect();
  await using template = await cluster.freeze(origin, `generators-${randomBytes(4).toString('hex')}`);
  const source = await createDatasetSource(options);
  let database = await cluster.create(template);
  const refused: Refusal[] = [];
  const datasets: Dataset[] = [];
  const loaded: Dataset[] = [];
  try {
    for (let index = 0; index < cases; index++) {
      const request = { model, seed: options.seed ?? 7, index, focus: options.focus ?? null, literals: [] };
      const dataset = source.generate(request);
      const result = await database.load(dataset, model);
      refused.push(...result.refused);
      datasets.push(dataset);
      loaded.push(result.loaded);
      if (!(await database.reset(null))) {
        await database[Symbol.asyncDispose]();
        database = await cluster.create(template);
      }
    }
  } finally {
    await database[Symbol.asyncDispose]();
  }
  const proposed = datasets.reduce((sum, dataset) => sum + rowsOf(dataset), 0);
  const filled = new Set(
    loaded.flatMap(({ tables }) => tables.filter(({ rows }) => rows.length > 0).map(({ table }) => table)),
  );
  return { model, datasets, loaded, proposed, refused, filled };
}

function rowsOf(dataset: Dataset): number {
  return dataset.tables.reduce((sum, table) => sum + table.rows.length, 0);
}

/** Refusals as text, for a failing test to show. */
export function describeRefusals(refused: readonly Refusal[]): string[] {
  return refused.map(
    ({ table, row, fault }) => `${table} ${fault.class} ${fault.constraint ?? fault.message}: ${JSON.stringify(row)}`,
  );
}

/** All cells of a column over datasets. */
export function cellsOf(datasets: readonly Dataset[], table: Table, column: string): Cell[] {
  return datasets.flatMap((dataset) =>
    dataset.tables
      .filter((rows) => rows.table === table.key)
      .flatMap((rows) => {
        const at = rows.columns.indexOf(column);
        return at === -1 ? [] : rows.rows.map((row) => row[at] ?? null);
      }),
  );
}
