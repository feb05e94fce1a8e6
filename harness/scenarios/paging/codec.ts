/**
 * Codec cases: cursors over the whole domain of the key's columns, sent back as they came, and broken ones. Rows are generated values at the
 * edges of their types. For each row the pager itself makes the cursor, as the end of a first page that ends with it; what is sent back
 * must begin the next page with the row after it.
 */
import type { Dataset, Row } from '../../core/dataset.ts';
import type { CodecProbe } from '../../core/paging-history.ts';
import type { DatabaseSession } from '../../core/session.ts';
import type { Parameters } from '../../core/evidence.ts';
import { garble } from './garble.ts';
import { drawnFrom, type KindRun, type PagingGround, type PagingKind } from './kind.ts';
import type { Turned } from './page-turner.ts';
import { loadRows, turnerOf } from './rows.ts';
import { showRows } from './show-steps.ts';

/** Rows whose cursors are tried: each costs two pages. */
const MOST_ROWS = 8;
/** Generators begin small and simple, and values at the edges come later. */
const FIRST_INDEX = 12;

export const codec: PagingKind = {
  id: 'codec',
  // Of an offset there is nothing to keep exactly.
  isFor: ({ kind, pages }) => kind === 'scan' && (pages.kind === 'module' || pages.cursor !== 'offset'),
  simpler: () => [],
  run,
};

async function run(
  ground: PagingGround,
  parameters: Readonly<Record<string, Parameters>>,
  rows: Dataset,
): Promise<KindRun> {
  const draw = drawnFrom(parameters);
  const given = draw === null ? rows : generateRows(ground, draw.seed, FIRST_INDEX + draw.index);
  const { loaded, refused } = await loadRows(ground, given);
  const ordered = await readOrdered(ground);
  const session = await ground.bench.session('r1');
  const probes: CodecProbe[] = [];
  for (let at = 0; at < Math.min(ordered.length, MOST_ROWS); at++)
    probes.push(...(await probe(ground, session, ordered, at)));
  if (ground.paged.pager.pages.kind === 'module') probes.push(...(await probeBroken(ground, session, probes)));
  return {
    loaded,
    refused,
    parameters: {},
    histories: [],
    codec: probes,
    plans: [],
    steps: probes.map(
      (each) => `the cursor ${each.cursor} → ${each.outcome}${each.message === null ? '' : `: ${each.message}`}`,
    ),
    shown: showRows(ground, loaded),
    unusable: null,
  };
}

function generateRows({ setting, bench, paged }: PagingGround, seed: number, index: number): Dataset {
  return setting.source.generate({ model: bench.model, seed, index, focus: [paged.table.key], literals: [] });
}

interface OrderedRow {
  readonly identity: Row;
  readonly key: Row;
}

/** The rows of F in the order of K, by the database's own ORDER BY. */
async function readOrdered({ setting, bench, paged }: PagingGround): Promise<readonly OrderedRow[]> {
  const quote = (name: string): string => setting.dialect.quoteIdentifier(name);
  const columns = [...paged.identity, ...paged.key.map(({ column }) => column)].map(quote);
  const order = paged.key.map(
    ({ column, direction, nulls }) => `${quote(column)} ${direction}${nulls === null ? '' : ` NULLS ${nulls}`}`,
  );
  const where = paged.pager.filter === null ? '' : ` WHERE ${paged.pager.filter}`;
  const sql = `SELECT ${columns.join(', ')} FROM ${paged.table.key}${where} ORDER BY ${order.join(', ')}`;
  const session = await bench.session('r0');
  const answer = await session.read(sql, []);
  if (answer.status !== 'done') throw new Error(`the rows of ${paged.table.key} could not be read in order`);
  return answer.rows.map((row) => ({
    identity: row.slice(0, paged.identity.length),
    key: row.slice(paged.identity.length),
  }));
}

/** The cursor after row `at`, made and sent back; nothing where the pager makes none there. */
async function probe(
  ground: PagingGround,
  session: DatabaseSession,
  ordered: readonly OrderedRow[],
  at: number,
): Promise<readonly CodecProbe[]> {
  await using turner = await turnerOf(ground)(session, at + 1);
  const first = await turner.turn(null, 'forward');
  // A page that is wrong already is judged elsewhere.
  if (first.status !== 'page' || first.cursor === null || !isRow(first.items.at(-1), ordered[at])) return [];
  const { cursor } = first;
  const next = await turner.turn(cursor, 'forward');
  const key = ordered[at]?.key ?? [];
  if (next.status !== 'page') return [{ key, cursor, outcome: 'failed', message: wordsOf(next) }];
  const begins = next.items[0];
  const wanted = ordered[at + 1];
  if (wanted === undefined ? begins === undefined : isRow(begins, wanted))
    return [{ key, cursor, outcome: 'kept', message: null }];
  return [
    { key, cursor, outcome: 'changed', message: `it starts with ${rowWords(begins)} instead of ${rowWords(wanted)}` },
  ];
}

/** Broken cursors are made of one that is whole. What a pager in SQL holds is no text of anybody's, so it is asked of modules alone. */
async function probeBroken(
  ground: PagingGround,
  session: DatabaseSession,
  whole: readonly CodecProbe[],
): Promise<readonly CodecProbe[]> {
  const [example] = whole;
  if (example === undefined) return [];
  const probes: CodecProbe[] = [];
  for (const cursor of garble(example.cursor)) {
    await using turner = await turnerOf(ground)(session, 1);
    const turned = await turner.turn(cursor, 'forward');
    probes.push({ key: null, cursor, ...outcomeOf(turned, ground.paged.pager.refusal) });
  }
  return probes;
}

function outcomeOf(turned: Turned, refusal: string | null): Pick<CodecProbe, 'outcome' | 'message'> {
  if (turned.status === 'page') return { outcome: 'accepted', message: null };
  const message = wordsOf(turned);
  const code = turned.status === 'failed' ? (turned.fault?.code ?? '') : '';
  const isClear =
    /cursor|page.?token/i.test(message) || (refusal !== null && (code === refusal || message.includes(refusal)));
  return { outcome: isClear ? 'refused' : 'failed', message };
}

function wordsOf(turned: Exclude<Turned, { readonly status: 'page' }>): string {
  return turned.status === 'failed' ? turned.message : `it waits for ${turned.by.join(', ')}`;
}

function isRow(item: { readonly identity: Row } | undefined, row: OrderedRow | undefined): boolean {
  return item !== undefined && row !== undefined && JSON.stringify(item.identity) === JSON.stringify(row.identity);
}

function rowWords(row: { readonly identity: Row } | undefined): string {
  return row === undefined ? 'nothing' : `row ${row.identity.map((cell) => cell ?? 'NULL').join('/')}`;
}
