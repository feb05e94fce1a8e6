/** Filling tables with thousands of rows inside a database, and counting what became of it. */
import type { Database } from '../core/dialect.ts';
import { messageOf, PalindromeError } from '../core/errors.ts';
import { type Admitted, planPopulation } from '../core/population.ts';
import type { SchemaModel } from '../core/schema.ts';
import type { ScenarioSetting } from './scenario.ts';

/** Rows for each table that is asked for: enough for PostgreSQL to prefer an index to some hundred pages. */
const ROWS = 5_000;

/** Runs the filling of each table; what one refuses as a whole is kept as its fault. */
export async function fillTables(
  { dialect, source }: Pick<ScenarioSetting, 'dialect' | 'source'>,
  database: Database,
  model: SchemaModel,
  tables: readonly string[],
): Promise<{ readonly filling: string; readonly faults: ReadonlyMap<string, string> }> {
  const admitted: Admitted = (table, column) => source.simplerCells(model, table.key, column, '');
  const done: string[] = [];
  const faults = new Map<string, string>();
  for (const filling of planPopulation(model, tables, ROWS, admitted)) {
    const { key } = filling.table;
    try {
      const sql = dialect.renderFilling(filling);
      await database.run(sql);
      done.push(sql);
    } catch (error) {
      if (!(error instanceof PalindromeError) || error.kind !== 'usage') throw error;
      faults.set(key, messageOf(error));
    }
    const analyze = dialect.renderAnalyze(key);
    await database.run(analyze);
    done.push(analyze);
  }
  return { filling: done.join('\n'), faults };
}

/** Rows of each table. */
export async function countTables(
  { limits }: Pick<ScenarioSetting, 'limits'>,
  database: Database,
  tables: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const result = await database.query(`SELECT count(*) FROM ${table}`, 1, limits.statementMs);
    counts[table] = result.status === 'rows' ? Number(result.rows[0]?.[0] ?? 0) : 0;
  }
  return counts;
}
