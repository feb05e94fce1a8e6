/** Pages turned by a module of the user's own, which asks through a driver of its own. */
import { messageOf, PalindromeError } from '../../core/errors.ts';
import type { ModulePage, ModulePages, ModuleScan, PagerConnection } from '../../core/pager.ts';
import type { DatabaseFault } from '../../core/trace.ts';
import { readItems } from './exact-items.ts';
import type { ItemReader } from './exact-items.ts';
import type { PageDirection, PageTurner, Turned } from './page-turner.ts';

/** A serialisation failure, a deadlock, a lock that was not to be had: the database's way of saying no to concurrency. */
const CONCURRENCY = /^(?:40001|40P01|55P03|SQLITE_BUSY.*|SQLITE_LOCKED.*)$/;

/**
 * A client of a module. The scan is opened with its first page. What the module does wrong in a page is a failed turn; what it returns out of
 * shape throws `pager-fails`.
 */
export async function openModuleTurner(reader: ItemReader, pages: ModulePages, limit: number): Promise<PageTurner> {
  const connection = await reader.database.reach();
  let scan: ModuleScan | null = null;
  return {
    canGoBack: false,
    session: null,
    async turn(cursor, direction) {
      return turn(reader, cursor, direction, async () => (scan ??= await open(pages, connection, limit)));
    },
    settle: () => Promise.reject(new Error('a module is waited for, never blocked')),
    async [Symbol.asyncDispose]() {
      const left = scan;
      scan = null;
      await within(reader.limitMs, async () => left?.close?.());
    },
  };
}

async function open({ open: opener }: ModulePages, connection: PagerConnection, limit: number): Promise<ModuleScan> {
  const client: unknown = await opener(connection, limit);
  if (typeof client === 'object' && client !== null && 'next' in client && typeof client.next === 'function')
    return client as ModuleScan;
  throw new PalindromeError('pager-fails', '"open" returned no object with a function "next".', {
    hint: 'It should return { next(cursor) { … return { items, cursor }; } }',
  });
}

async function turn(
  reader: ItemReader,
  cursor: string | null,
  direction: PageDirection,
  client: () => Promise<ModuleScan>,
): Promise<Turned> {
  if (direction === 'backward') throw new Error('a module does not go back');
  let answer: unknown;
  try {
    answer = await within(reader.limitMs, async () => (await client()).next(cursor));
  } catch (thrown) {
    if (thrown instanceof PalindromeError && thrown.code !== 'pager-fails') throw thrown;
    return failureOf(thrown);
  }
  const page = pageOf(reader.paged.pager.id, answer);
  return { status: 'page', items: await readItems(reader, page.items), cursor: page.cursor, snapshot: null };
}

/** The page that an answer is. Throws `pager-fails` where it is none. */
function pageOf(id: string, answer: unknown): ModulePage {
  const page = (typeof answer === 'object' && answer !== null ? answer : {}) as Partial<ModulePage>;
  const { items } = page;
  const cursor: unknown = page.cursor;
  const isList = Array.isArray(items) && items.every((item) => typeof item === 'object' && item !== null);
  if (isList && (cursor === null || cursor === undefined || typeof cursor === 'string'))
    return { items, cursor: cursor ?? null };
  const what = isList ? `a cursor that is no text but ${typeof cursor}` : 'no list of items';
  throw new PalindromeError('pager-fails', `A page of the pager "${id}" has ${what}.`, {
    hint: '"next" should return { items: [{ …columns }], cursor: "…" }, with null as cursor at the end.',
  });
}

/** Waits so long and no longer: code of the user's own cannot be stopped, only left. */
async function within<T>(limitMs: number, work: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new PalindromeError('pager-fails', `it did not answer within ${limitMs} ms`));
    }, limitMs);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function failureOf(thrown: unknown): Turned {
  const fault = faultOf(thrown);
  return {
    status: 'failed',
    message: messageOf(thrown) || 'it threw nothing that says why',
    fault,
    isConcurrency: fault !== null && CONCURRENCY.test(fault.code),
  };
}

/** Drivers and mappers put the database's code on the error or on its cause. */
function faultOf(thrown: unknown): DatabaseFault | null {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth++) {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
    if (!/^(?:[0-9A-Z]{5}|SQLITE_[A-Z_]+)$/.test(code)) continue;
    return {
      code,
      class: CONCURRENCY.test(code) ? 'deadlock' : 'other',
      message: error.message,
      detail: null,
      hint: null,
      constraint: null,
      table: null,
      column: null,
    };
  }
  return null;
}
