/** From a plan to a dataset: which tables get rows, how many, and every row in turn, parents before children. */
import type { Dataset, Row, TableRows as GivenRows } from '../../harness/core/dataset.ts';
import type { SwarmTrait } from '../../harness/core/case.ts';
import type { GivenRow, GivenTables } from '../datasets/given-rows.ts';
import type { Draw } from '../draw.ts';
import type { ModelPlan, TablePlan } from '../plan/table-plan.ts';
import { closeCycles } from './cycles.ts';
import { fillGivenRow, fillRow } from './fill-row.ts';
import { suitableLiterals } from './literals.ts';
import { moodOf, rowCount, type Mood } from './mood.ts';
import { selectTables } from './select-tables.ts';
import { TableRows } from './table-rows.ts';

export interface CaseSettings {
  readonly index: number;
  readonly focus: readonly string[] | null;
  readonly literals: readonly string[];
  readonly swarm?: readonly SwarmTrait[] | undefined;
  readonly maxRowsPerTable: number;
  /** What the user's datasets gave for this case. */
  readonly given: GivenTables;
}

/** One dataset. The same stream and settings give the same rows. */
export function makeDataset(plan: ModelPlan, draw: Draw, settings: CaseSettings): Dataset {
  const mood = moodOf(settings.index, settings.swarm);
  const literals = suitableLiterals(plan, settings.literals);
  const { given } = settings;
  const selected = selectTables(plan, draw, settings.focus, mood, given);
  const omitted = chooseOmissions(plan, selected, draw, mood, given);
  const all = new Map<number, TableRows>();
  const rowsOf = (table: number): TableRows => {
    const known = all.get(table);
    if (known !== undefined) return known;
    const made = new TableRows(plan.tables[table] as TablePlan, omitted.get(table) ?? NOTHING);
    all.set(table, made);
    return made;
  };
  for (const component of plan.components) {
    const members = component.filter((table) => selected.has(table));
    for (const table of members) {
      const rows = rowsOf(table);
      const context = { draw, mood, rows, literals: literals[table] ?? [], rowsOf };
      const own = given.get(table);
      if (own === undefined) fillTable(rows, rowCount(settings.index, draw, settings.maxRowsPerTable, mood), context);
      else for (const row of own) rows.accept(fillGivenRow(rows.plan, context, row));
    }
    if (members.some((table) => rowsOf(table).plan.cyclic.size > 0))
      closeCycles(members.map(rowsOf), { draw, mood, rowsOf });
  }
  return { tables: plan.components.flat().flatMap((table) => (selected.has(table) ? giveOut(rowsOf(table)) : [])) };
}

const NOTHING: ReadonlySet<number> = new Set();

function fillTable(rows: TableRows, count: number, context: Parameters<typeof fillRow>[1]): void {
  for (let at = 0; at < count; at++) {
    const draft = fillRow(rows.plan, context, at === 0);
    // One row that cannot be made says that the next ones hardly can: a key is exhausted or parents have run out.
    if (draft === null) return;
    rows.accept(draft);
  }
}

/** Columns that this case leaves to their defaults. Numbered keys that rows must refer to are given, or nothing could refer to them. */
function chooseOmissions(
  plan: ModelPlan,
  selected: ReadonlySet<number>,
  draw: Draw,
  mood: Mood,
  given: GivenTables,
): ReadonlyMap<number, ReadonlySet<number>> {
  const needed = new Set<string>();
  for (const table of selected) {
    for (const key of plan.tables[table]?.foreignKeys ?? []) {
      if (key.isRequired) for (const column of key.targetColumns) needed.add(`${key.target}.${column}`);
    }
  }
  const omissions = new Map<number, ReadonlySet<number>>();
  for (const table of selected) {
    const tablePlan = plan.tables[table];
    const chosen = (tablePlan?.omittable ?? []).filter(
      (column) =>
        draw.chance(mood.omitPercent) && !needed.has(`${table}.${column}`) && !isNamed(given.get(table), column),
    );
    const left = tablePlan?.columns.filter((column) => column.isGivable && !chosen.includes(column.index)).length ?? 0;
    if (chosen.length > 0 && left > 0) omissions.set(table, new Set(chosen));
  }
  return omissions;
}

function isNamed(rows: readonly GivenRow[] | undefined, column: number): boolean {
  return rows?.some((row) => row.has(column)) ?? false;
}

/** The rows of a table as exact cells. */
function giveOut(rows: TableRows): GivenRows[] {
  const { plan } = rows;
  const drafts = rows.rows.filter((draft) => !draft.isExisting && !draft.isDropped);
  if (drafts.length === 0) return [];
  const given = plan.columns.filter((column) => column.isGivable && !rows.omitted.has(column.index));
  return [
    {
      table: plan.table.key,
      columns: given.map((column) => column.column.name),
      rows: drafts.map((draft): Row =>
        given.map((column) => {
          const text = draft.cells[column.index];
          return text === null || text === undefined ? null : column.storage.encode(text);
        }),
      ),
    },
  ];
}
