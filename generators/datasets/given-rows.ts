/** What datasets' arbitraries give, resolved against one schema state: inner texts by table and column. */
import type { Arbitrary } from 'fast-check';
import { messageOf, PalindromeError } from '../../harness/core/errors.ts';
import { findTable } from '../../harness/core/schema-lookup.ts';
import type { SchemaModel } from '../../harness/core/schema.ts';
import type { Draw } from '../draw.ts';
import { valueText } from '../overrides.ts';
import type { ModelPlan, TablePlan } from '../plan/table-plan.ts';
import type { DatasetConfig, DatasetRows } from './dataset-generator.ts';

/** The cells that a row begins with, as inner text, by column index. */
export type GivenRow = ReadonlyMap<number, string | null>;

/** Given rows by table index. A table that is there and has none stays empty. */
export type GivenTables = ReadonlyMap<number, readonly GivenRow[]>;

/** Names that datasets used, and whether some schema state had them. */
class UsedNames {
  readonly #isFound = new Map<string, boolean>();

  /** Notes a name. */
  note(name: string, isFound: boolean): void {
    this.#isFound.set(name, isFound || this.#isFound.get(name) === true);
  }

  /** The names that no state had, in the order in which they were first used. */
  neverFound(): readonly string[] {
    return [...this.#isFound].flatMap(([name, isFound]) => (isFound ? [] : [name]));
  }
}

/** The datasets of a configuration, for one source. */
export class GivenDatasets {
  readonly #configs: readonly DatasetConfig[];
  readonly #arbitraries = new WeakMap<
    SchemaModel,
    readonly { config: DatasetConfig; arbitrary: Arbitrary<DatasetRows> }[]
  >();
  readonly names = new UsedNames();

  constructor(configs: readonly DatasetConfig[]) {
    this.#configs = configs;
  }

  /** Draws every dataset for a case. Throws `PalindromeError` (`dataset-invalid`, `generator-value`). */
  draw(model: SchemaModel, plan: ModelPlan, draw: Draw, index: number): GivenTables {
    const tables = new Map<number, readonly GivenRow[]>();
    const namedBy = new Map<number, string>();
    for (const { config, arbitrary } of this.#arbitrariesFor(model)) {
      const rows = derived(config, draw.biased(arbitrary, biasAt(index)), model);
      for (const [name, given] of Object.entries(rows)) {
        const table = this.#resolve(config, model, plan, name, given);
        if (table === null) continue;
        const other = namedBy.get(table.plan.index);
        if (other !== undefined) throw invalid(config, `names ${name}, as "${other}" does: one table has one source`);
        namedBy.set(table.plan.index, config.id);
        tables.set(table.plan.index, table.rows);
      }
    }
    return tables;
  }

  #arbitrariesFor(model: SchemaModel): readonly { config: DatasetConfig; arbitrary: Arbitrary<DatasetRows> }[] {
    const known = this.#arbitraries.get(model);
    if (known !== undefined) return known;
    const made = this.#configs.flatMap((config) => {
      const arbitrary =
        typeof config.rows === 'function' ? guarded(config, 'rows', () => callRows(config, model)) : config.rows;
      return arbitrary === null ? [] : [{ config, arbitrary }];
    });
    this.#arbitraries.set(model, made);
    return made;
  }

  #resolve(
    config: DatasetConfig,
    model: SchemaModel,
    plan: ModelPlan,
    name: string,
    given: DatasetRows[string],
  ): { readonly plan: TablePlan; readonly rows: readonly GivenRow[] } | null {
    const table = findTable(model, name);
    const tablePlan = table === undefined ? undefined : plan.byKey.get(table.key);
    this.names.note(name, tablePlan !== undefined);
    if (!Array.isArray(given)) throw invalid(config, `gives ${name} no list of rows`);
    if (tablePlan === undefined) return null;
    return { plan: tablePlan, rows: given.map((row) => this.#resolveRow(config, tablePlan, name, row)) };
  }

  #resolveRow(config: DatasetConfig, plan: TablePlan, tableName: string, row: unknown): GivenRow {
    if (typeof row !== 'object' || row === null) throw invalid(config, `gives a row of ${tableName} that is no object`);
    const cells = new Map<number, string | null>();
    for (const [name, value] of Object.entries(row)) {
      const column = plan.columns.find((candidate) => candidate.column.name === name);
      this.names.note(`${tableName}.${name}`, column !== undefined);
      if (column === undefined || value === undefined || !column.isGivable) continue;
      cells.set(column.index, valueText(value, column.storage, `${tableName}.${name}`));
    }
    return cells;
  }
}

function callRows(config: DatasetConfig, model: SchemaModel): Arbitrary<DatasetRows> | null {
  const arbitrary: unknown = typeof config.rows === 'function' ? config.rows(model) : config.rows;
  if (arbitrary === null) return null;
  if (typeof arbitrary !== 'object' || !('generate' in (arbitrary ?? {})))
    throw new TypeError('it must return a fast-check arbitrary, or null');
  return arbitrary as Arbitrary<DatasetRows>;
}

/** As fast-check does over the runs of a property: early cases lean towards small and extreme values. */
function biasAt(index: number): number {
  return 2 + Math.floor(Math.log10(index + 1));
}

/** What the dataset makes of rows. */
export function derived(config: DatasetConfig, rows: DatasetRows, model: SchemaModel): DatasetRows {
  const { derive } = config;
  if (!isRecord(rows)) throw invalid(config, 'gives no object of tables');
  if (derive === undefined) return rows;
  const result: unknown = guarded(config, 'derive', () => derive(rows, model));
  if (!isRecord(result)) throw invalid(config, 'derives no object of tables');
  return result as DatasetRows;
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function guarded<Result>(config: DatasetConfig, what: string, call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    throw invalid(config, `has a function "${what}" that throws: ${messageOf(error)}`, error);
  }
}

function invalid({ id }: DatasetConfig, what: string, cause?: unknown): PalindromeError {
  return new PalindromeError('dataset-invalid', `The dataset "${id}" ${what}.`, {
    hint: 'docs/configuration.md, under "datasets", says what it may give.',
    ...(cause === undefined ? {} : { cause }),
  });
}
