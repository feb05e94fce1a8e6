/** Plan cases: the plans of the first page, the next one and one deep in the table, where the table has some thousand rows. */
import type { Cell, Dataset, Row } from '../../core/dataset.ts';
import type { Database } from '../../core/dialect.ts';
import { PalindromeError } from '../../core/errors.ts';
import type { Parameters, QueryPlan } from '../../core/evidence.ts';
import type { SqlPages } from '../../core/pager.ts';
import type { PagePlan } from '../../core/paging-history.ts';
import { splitName } from '../../core/schema-lookup.ts';
import { countTables, fillTables } from '../fill.ts';
import { drawnFrom, type KindRun, type PagingGround, type PagingKind } from './kind.ts';

/** Rows below which a plan says nothing. */
const ENOUGH_ROWS = 1_000;
/** A page as applications have it. */
const PAGE_SIZE = 20;
/** How deep, of all rows. */
const DEEP = 0.9;

export const plans: PagingKind = {
  id: 'plans',
  isFor: ({ pages, indexes }) => pages.kind === 'sql' && indexes.length > 0,
  // Planners look at statistics, not at single values, and each case fills the tables anew.
  most: 2,
  simpler: () => [],
  run,
};

async function run(
  { setting, bench, paged }: PagingGround,
  parameters: Readonly<Record<string, Parameters>>,
  rows: Dataset,
): Promise<KindRun> {
  const { pager, table } = paged;
  const { pages } = pager;
  if (pages.kind !== 'sql') throw new Error('a module has no plans');
  const draw = drawnFrom(parameters);
  const { model } = bench;
  const given =
    draw === null
      ? rows
      : setting.source.generate({ model, seed: draw.seed, index: 5 + draw.index, focus: [table.key], literals: [] });
  const database = await setting.open();
  await database.execute(setting.migration.up, setting.limits);
  const { loaded, refused } = await setting.loadAfter(database, given, model);
  const { filling, faults } = await fillTables(setting, database, model, [table.key]);
  const { [table.key]: count = 0 } = await countTables(setting, database, [table.key]);
  const steps = [`multiply the rows → ${table.key} ${count}`];
  const found: PagePlan[] = [];
  if (count < ENOUGH_ROWS) {
    const why = faults.get(table.key);
    steps.push(`${table.key} could not be filled${why === undefined ? '' : `: ${why}`}; no plan was read`);
  } else {
    found.push(...(await readPlans({ setting, bench, paged }, database, pages)));
    steps.push(
      ...found.map(
        ({ page, text, cost }) => `the plan of the ${page} page: ${text}${cost === null ? '' : ` (cost ${cost})`}`,
      ),
    );
  }
  return {
    loaded,
    refused,
    parameters: {},
    histories: [],
    codec: [],
    plans: found,
    steps,
    shown: [setting.dialect.renderRows(loaded, model), filling].filter((part) => part !== '').join('\n'),
    unusable: null,
  };
}

async function readPlans(ground: PagingGround, database: Database, pages: SqlPages): Promise<readonly PagePlan[]> {
  const matching = await countMatching(ground, database);
  const size = String(PAGE_SIZE);
  const after = async (place: number): Promise<readonly string[]> => {
    if (pages.cursor === 'offset') return [String(place), size];
    const key = await keyAt(ground, database, place);
    return [...key.map((cell) => ground.setting.dialect.renderCell(cell)), size];
  };
  const deep = Math.floor(matching * DEEP);
  return [
    ...(await explain(ground, database, 'first', pages.first, [size])),
    ...(await explain(ground, database, 'next', pages.next, await after(Math.min(PAGE_SIZE, matching - 1)))),
    ...(await explain(ground, database, 'deep', pages.next, await after(deep))),
  ];
}

async function explain(
  { setting, paged }: PagingGround,
  database: Database,
  page: PagePlan['page'],
  sql: string,
  params: readonly string[],
): Promise<readonly PagePlan[]> {
  const result = await database.explain({ sql, params, limitMs: setting.limits.statementMs });
  if (result.status === 'failed')
    throw new PalindromeError(
      'pager-fails',
      `The ${page} page of the pager "${paged.pager.id}" fails: ${result.fault.message}`,
      {
        hint: 'Correct its SQL, or give `from` and `until` so that it is asked only where its columns exist.',
      },
    );
  return result.plans.map(({ nodes, cost }) => ({
    page,
    era: 'steady',
    index: indexOf(nodes, paged.pager.indexes),
    cost,
    text: nodes.map(({ text }) => text).join('; ') || 'reads no table',
  }));
}

/** The declared index that a plan reads; null: none of them. A name without quotes is found whatever its case. */
function indexOf(nodes: QueryPlan['nodes'], declared: readonly string[]): string | null {
  const names = declared.map((name) => splitName(name).at(-1) ?? name);
  const read = nodes.flatMap(({ index }) => index ?? []);
  return read.find((index) => names.some((name) => name === index || name.toLowerCase() === index)) ?? null;
}

async function countMatching({ setting, paged }: PagingGround, database: Database): Promise<number> {
  const [[count = '0'] = []] = await ask(database, `SELECT count(*) FROM ${from(paged)}`, setting.limits.statementMs);
  return Number(count);
}

/** The key of the row at a place of the order, from 0. */
async function keyAt({ setting, paged }: PagingGround, database: Database, place: number): Promise<readonly Cell[]> {
  const quote = (name: string): string => setting.dialect.quoteIdentifier(name);
  const columns = paged.key.map(({ column }) => quote(column)).join(', ');
  const order = paged.key
    .map(({ column, direction, nulls }) => `${quote(column)} ${direction}${nulls === null ? '' : ` NULLS ${nulls}`}`)
    .join(', ');
  const sql = `SELECT ${columns} FROM ${from(paged)} ORDER BY ${order} LIMIT 1 OFFSET ${Math.max(0, place)}`;
  return (await ask(database, sql, setting.limits.statementMs))[0] ?? paged.key.map(() => null);
}

function from({ pager, table }: PagingGround['paged']): string {
  return `${table.key}${pager.filter === null ? '' : ` WHERE ${pager.filter}`}`;
}

async function ask(database: Database, sql: string, limitMs: number): Promise<readonly Row[]> {
  const result = await database.query(sql, 1, limitMs);
  if (result.status === 'failed')
    throw new PalindromeError('pager-fails', `A pager's filter fails: ${result.fault.message}`);
  return result.rows;
}
