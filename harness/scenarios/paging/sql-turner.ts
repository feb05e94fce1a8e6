/** Turns the pages of a pager that is given as SQL. */
import type { Row } from '../../core/dataset.ts';
import { PalindromeError } from '../../core/errors.ts';
import type { PageItem, SqlPages } from '../../core/pager.ts';
import type { DatabaseSession, SessionAnswer } from '../../core/session.ts';
import { decodeCursor, encodeCursor } from './cursors.ts';
import type { PagedTable } from './paged-table.ts';
import type { PageDirection, PageTurner, Turned } from './page-turner.ts';

/** Opens a client of the pager. */
export function openSqlTurner(session: DatabaseSession, paged: PagedTable, pages: SqlPages, limit: number): PageTurner {
  return new SqlTurner(session, paged, pages, limit);
}

class SqlTurner implements PageTurner {
  readonly canGoBack: boolean;
  readonly session: DatabaseSession;
  readonly #paged: PagedTable;
  readonly #pages: SqlPages;
  readonly #limit: number;
  #seen = 0;

  constructor(session: DatabaseSession, paged: PagedTable, pages: SqlPages, limit: number) {
    this.session = session;
    this.#paged = paged;
    this.#pages = pages;
    this.#limit = limit;
    this.canGoBack = pages.backward !== null;
  }

  async turn(cursor: string | null, direction: PageDirection): Promise<Turned> {
    const { backward, cursor: encoding } = this.#pages;
    const { first, next } = direction === 'backward' && backward !== null ? backward : this.#pages;
    const size = String(this.#limit);
    if (cursor === null) {
      this.#seen = 0;
      return this.#read(await this.session.read(first, [size]));
    }
    if (encoding === 'offset') this.#seen = Number(cursor);
    return this.#read(await this.session.read(next, [...decodeCursor(encoding, cursor), size]));
  }

  async settle(): Promise<Turned> {
    return this.#read(await this.session.settle());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The session is the driver's.
  }

  #read(answer: SessionAnswer): Turned {
    if (answer.status === 'blocked') return answer;
    if (answer.status === 'failed') {
      const { fault, isConcurrency } = answer;
      return { status: 'failed', message: `${fault.message} (${fault.code})`, fault, isConcurrency };
    }
    const { columns, rows, snapshot } = answer;
    const identity = this.#places(columns, this.#paged.identity);
    const key = this.#places(
      columns,
      this.#paged.key.map(({ column }) => column),
    );
    const items = rows.map((row): PageItem => ({ identity: pick(row, identity), key: pick(row, key) }));
    this.#seen += items.length;
    const last = items.at(-1);
    // Whoever polls goes on from the last item; whoever scans is done when a page is not full.
    const isEnd = last === undefined || (this.#paged.pager.kind === 'scan' && items.length < this.#limit);
    const cursor = isEnd ? null : encodeCursor(this.#pages.cursor, last.key, this.#types(), this.#seen);
    return { status: 'page', items, cursor, snapshot };
  }

  #types() {
    const { table, key } = this.#paged;
    return key.flatMap(({ column }) => table.columns.find(({ name }) => name === column)?.type ?? []);
  }

  #places(columns: readonly string[], names: readonly string[]): readonly number[] {
    const places = names.map((name) => columns.indexOf(name));
    const missing = names.filter((_, at) => places[at] === -1);
    if (missing.length === 0) return places;
    const { id } = this.#paged.pager;
    throw new PalindromeError('pager-fails', `The pages of the pager "${id}" have no column ${missing.join(', ')}.`, {
      hint: 'Its SQL returns the columns of `key` and of the row’s identity, under their names.',
    });
  }
}

function pick(row: Row, places: readonly number[]): Row {
  return places.map((at) => row[at] ?? null);
}
