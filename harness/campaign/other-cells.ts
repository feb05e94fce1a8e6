/** What is put in the place of a counterexample's cells, to see whether they matter. */
import type { Cell, Dataset } from '../core/dataset.ts';
import type { Finding } from '../core/property.ts';
import type { CampaignPlan } from './plan.ts';
import type { Subject } from './subject.ts';

/** Cases whose values are tried in the place of others. */
const OTHER_CASES = [2, 5, 9];
const MOST_TELLING_CELLS = 3;

/** Values that a column may hold: simple ones, and those of other generated rows. */
export function legalCellsOf(
  { planned, model }: Subject,
  plan: Pick<CampaignPlan, 'seed'>,
  dataset: Dataset,
): (table: string, column: string, current: Cell) => readonly Cell[] {
  const focus = dataset.tables.map(({ table }) => table);
  const others = OTHER_CASES.map((index) =>
    focus.length === 0 ? dataset : planned.source.generate({ model, seed: plan.seed, index, focus, literals: [] }),
  );
  return (table, column, current) => {
    const generated = others.flatMap(({ tables }) =>
      tables
        .filter((entry) => entry.table === table && entry.columns.includes(column))
        .flatMap(({ columns, rows }) => rows.map((row) => row[columns.indexOf(column)] ?? null)),
    );
    return [...planned.source.simplerCells(model, table, column, current), ...generated];
  };
}

/** What the scripts made of the column, and what stands beside it in columns of the same type. */
export function tellingCellsOf(
  subject: Subject,
  finding: Finding,
  { tables }: Dataset,
  table: string,
  row: number,
  column: string,
): readonly Cell[] {
  const written = finding.tableDifferences
    .filter((difference) => difference.table === table)
    .flatMap(({ changed }) => changed.filter((cell) => cell.column === column).map(({ actual }) => actual));
  const own = subject.model.tables.find(({ key }) => key === table)?.columns ?? [];
  const typeOf = (name: string): string => JSON.stringify(own.find((each) => each.name === name)?.type);
  const beside = tables
    .filter((entry) => entry.table === table)
    .flatMap(({ columns, rows }) =>
      columns.flatMap((name, at) =>
        name !== column && typeOf(name) === typeOf(column) ? [rows[row]?.[at] ?? null] : [],
      ),
    );
  return [...new Set([...written, ...beside])].slice(0, MOST_TELLING_CELLS);
}
