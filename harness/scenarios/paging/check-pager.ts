/**
 * Whether a declared pager can be used at all in a state, before anything is judged of it: that its SQL is SQL there, that its first page comes
 * where the table is as the migrations left it, and that turning pages changes nothing. What goes wrong is a mistake in the declaration.
 */
import { PalindromeError } from '../../core/errors.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { PagingGround } from './kind.ts';
import { loadRows, turnerOf } from './rows.ts';

/** What the databases say where a page would write. */
const WRITES = new Set(['25006', 'SQLITE_READONLY']);
/** PostgreSQL takes no statement that writes within another one, which a page is. */
const NOT_SUPPORTED = '0A000';
const PAGES = 3;
const LIMIT = 2;
const LOOK = { maxRowsPerTable: 0, projections: [] };

/** Throws `pager-fails` with what is wrong. Leaves rows behind: the bench has to be opened again. */
export async function checkPager(ground: PagingGround): Promise<void> {
  await prepareSql(ground);
  await turnPages(ground, 1, true);
  const { setting, bench, paged } = ground;
  const rows = setting.source.generate({
    model: bench.model,
    seed: 1,
    index: 3,
    focus: [paged.table.key],
    literals: [],
  });
  await loadRows(ground, rows);
  const before = await bench.database.capture(LOOK);
  await turnPages(ground, PAGES, false);
  const changed = changedTable(before, await bench.database.capture(LOOK));
  if (changed !== null)
    throw new PalindromeError('pager-fails', `Turning pages of the pager "${paged.pager.id}" changes ${changed}.`, {
      hint: 'Pages are read again and again, by every client: what must write belongs somewhere else.',
    });
}

/** The database prepares each statement, without running it. */
async function prepareSql({ setting, bench, paged }: PagingGround): Promise<void> {
  const { pages, id } = paged.pager;
  if (pages.kind !== 'sql') return;
  const named = [
    ['first', pages.first],
    ['next', pages.next],
    ['backward.first', pages.backward?.first],
    ['backward.next', pages.backward?.next],
  ] as const;
  for (const [name, sql] of named) {
    if (sql === undefined) continue;
    const result = await bench.database.explain({ sql, params: [], limitMs: setting.limits.statementMs });
    if (result.status === 'explained') continue;
    const { message, code } = result.fault;
    throw new PalindromeError('pager-fails', `"${name}" of the pager "${id}" fails: ${message} (${code})`, {
      hint: 'Correct its SQL, or give `from` and `until` so that it is asked only where its columns exist.',
    });
  }
}

/** `mustCome`: a page that fails is an error of the declaration, and not something that rows brought about. */
async function turnPages(ground: PagingGround, pages: number, mustCome: boolean): Promise<void> {
  const session = await ground.bench.session('r1');
  await using turner = await turnerOf(ground)(session, LIMIT);
  let cursor: string | null = null;
  for (let page = 0; page < pages; page++) {
    const turned = await turner.turn(cursor, 'forward');
    if (turned.status === 'failed' && mustCome) {
      const { id } = ground.paged.pager;
      if (isWrite(ground, turned.fault?.code ?? null))
        throw new PalindromeError(
          'pager-fails',
          `The first page of the pager "${id}" changes data: ${turned.message}`,
          {
            hint: 'Pages are turned where nothing may be written: what must write belongs somewhere else.',
          },
        );
      throw new PalindromeError('pager-fails', `The first page of the pager "${id}" fails: ${turned.message}`, {
        hint: 'Nobody else is at work, and the table is as the migrations left it: turn that page by hand to see why.',
      });
    }
    if (turned.status !== 'page' || turned.cursor === null) return;
    ({ cursor } = turned);
  }
}

function isWrite({ paged: { pager } }: PagingGround, code: string | null): boolean {
  if (code === null || WRITES.has(code)) return code !== null;
  return (
    code === NOT_SUPPORTED && pager.pages.kind === 'sql' && /\b(insert|update|delete|merge)\b/i.test(pager.pages.first)
  );
}

function changedTable(before: Snapshot, after: Snapshot): string | null {
  for (const [key, { digest, rowCount }] of after.tables) {
    const earlier = before.tables.get(key);
    if (earlier === undefined || earlier.digest !== digest || earlier.rowCount !== rowCount) return key;
  }
  return before.catalog.fingerprint === after.catalog.fingerprint ? null : 'the schema';
}
