/**
 * How many transactions a second of writers at work at once are recorded and judged, while a reader turns pages: the overlapping mode of
 * `cursor-stable`, with more work than a case has. `npm run measure:overlapping -- [seconds]`.
 */
import { pathToFileURL } from 'node:url';
import { completePager } from '../harness/config/complete-pager.ts';
import type { Row } from '../harness/core/dataset.ts';
import type { Interleaving, InterleavingStep } from '../harness/core/interleaving.ts';
import type { DatabaseSession, WriterSession } from '../harness/core/session.ts';
import { makeHistory } from '../harness/scenarios/paging/make-history.ts';
import { overlap } from '../harness/scenarios/paging/overlap.ts';
import { findPaged } from '../harness/scenarios/paging/paged-table.ts';
import { openSqlTurner } from '../harness/scenarios/paging/sql-turner.ts';
import { checkHistory } from '../properties/paging/clauses.ts';
import { findFlaws } from '../properties/paging/flaws.ts';
import { openDialect } from '../tests/paging/support.ts';

const SCHEMA =
  'CREATE TABLE posts (id bigint PRIMARY KEY, created_at timestamptz NOT NULL, title text);' +
  'CREATE INDEX posts_cursor ON posts (created_at DESC, id DESC);';
const WRITERS = 4;
/** Transactions of each writer in a round; rounds are judged one by one, so that what is kept stays bounded. */
const EACH = 1_500;
const START_ROWS = 200;
const LIMIT = 50;
/** Of a hundred transactions, those that are begun, write twice, and stay open for a moment. */
const HELD = 1;

export interface OverlappingMeasured {
  readonly rounds: number;
  readonly transactions: number;
  readonly committed: number;
  readonly pages: number;
  /** Pairs of a version and the one that it replaced of which the database did not tell. */
  readonly unexplained: number;
  readonly contradicted: number;
  /** From the first write to the last verdict. */
  readonly perSecond: number;
  /** Of that time, the share in which writers were at work. */
  readonly writing: number;
  /** Processor time of this process for a thousand transactions, milliseconds, judging included: the server's comes on top. */
  readonly ownMs: number;
}

/** Runs rounds for that long. Their steps are made beforehand. */
export async function measureOverlapping(seconds: number): Promise<OverlappingMeasured> {
  await using opened = await openDialect('postgres');
  await using database = await opened.cluster.create();
  await database.run(SCHEMA);
  const pager = completePager(
    { id: 'posts', table: 'posts', key: 'created_at desc, id desc', movedRows: 'may-miss', from: null, until: null },
    { dialect: 'postgres', folder: import.meta.dirname },
  );
  const paged = findPaged(await database.introspect(), pager);
  if (typeof paged === 'string' || pager.pages.kind !== 'sql') throw new Error('the pager has no table');
  const { pages } = pager;
  const sessions = new Map<string, DatabaseSession>();
  const writers = new Map<string, WriterSession>();
  const session = async (name: string): Promise<DatabaseSession> => {
    const known = sessions.get(name) ?? (await database.openSession({ name, isReadOnly: true }));
    sessions.set(name, known);
    return known;
  };
  const writer = async (name: string): Promise<WriterSession> => {
    const known = writers.get(name) ?? (await database.openWriter(name));
    if (known === null) throw new Error('writers take turns');
    writers.set(name, known);
    return known;
  };
  const sum = {
    rounds: 0,
    transactions: 0,
    committed: 0,
    pages: 0,
    unexplained: 0,
    contradicted: 0,
    writing: 0,
    all: 0,
    own: 0,
  };
  const until = performance.now() + seconds * 1000;
  for (let round = 0; performance.now() < until || round < 2; round++) {
    await database.run(`TRUNCATE posts; INSERT INTO posts
      SELECT i, timestamptz '2024-03-10 12:00:00+00' + i % 40 * interval '1 microsecond', 't' FROM generate_series(1, ${START_ROWS}) i`);
    const interleaving = makeWork(round);
    const cpu = process.cpuUsage();
    const startedAt = performance.now();
    const done = await overlap({
      paged,
      interleaving,
      session,
      writer,
      openTurner: async (own, limit) => openSqlTurner(own, paged, pages, limit),
    });
    const wroteAt = performance.now();
    const history = await makeHistory({
      database,
      engine: opened.cluster.engine,
      paged,
      mode: 'overlapping',
      isolation: 'read-committed',
      transactionPer: 'page',
      driven: { ...done, steps: [] },
    });
    const flaws = findFlaws(history);
    const found = flaws.length > 0 ? flaws : checkHistory(history);
    const endedAt = performance.now();
    const { user, system } = process.cpuUsage(cpu);
    // The first round is for the compiler and for plans.
    if (round === 0) continue;
    sum.rounds++;
    sum.transactions += history.transactions.length;
    sum.committed += history.transactions.filter(({ outcome }) => outcome === 'committed').length;
    sum.pages += history.scans.reduce((many, scan) => many + scan.pages.length, 0);
    sum.unexplained += done.unexplained.length;
    sum.contradicted += found.length;
    sum.writing += wroteAt - startedAt;
    sum.all += endedAt - startedAt;
    sum.own += (user + system) / 1000;
  }
  const { all, writing, own, ...counts } = sum;
  return {
    ...counts,
    perSecond: Math.round((sum.transactions / all) * 1000),
    writing: Math.round((writing / all) * 100) / 100,
    ownMs: Math.round((own / sum.transactions) * 1000),
  };
}

/** A third of the transactions inserts, the others change or remove what any writer put in. */
function makeWork(round: number): Interleaving {
  let state = round + 1;
  const integer = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const at = (): string => `2024-03-10 12:00:00.${String(integer(60)).padStart(6, '0')}+00`;
  const writeOf = (name: string, fresh: number): InterleavingStep => {
    const kind = integer(100);
    const id: Row = [String(1 + integer(START_ROWS * 2))];
    const key = { columns: ['id'], row: id };
    if (kind < 35)
      return { session: name, op: 'insert', columns: ['id', 'created_at', 'title'], row: [String(fresh), at(), 'n'] };
    if (kind < 60) return { session: name, op: 'update-other', key, columns: ['title'], row: [String(integer(9))] };
    if (kind < 85) return { session: name, op: 'update-key', key, columns: ['created_at'], row: [at()] };
    return { session: name, op: 'delete', key: { columns: ['id'], row: [String(fresh - 1 - integer(20))] } };
  };
  const steps: InterleavingStep[] = [{ session: 'r1', op: 'page' }];
  for (let number = 1; number <= WRITERS; number++) {
    const name = `w${number}`;
    for (let index = 0; index < EACH; index++) {
      const fresh = number * 100_000 + index;
      if (integer(100) >= HELD) {
        steps.push(writeOf(name, fresh));
        continue;
      }
      const end = integer(4) === 0 ? 'rollback' : 'commit';
      const second = writeOf(name, fresh + 50_000);
      steps.push({ session: name, op: 'begin' }, writeOf(name, fresh), second, { session: name, op: end });
    }
  }
  return { isolation: 'read-committed', transactionPer: 'page', limit: LIMIT, steps };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const measured = await measureOverlapping(Number(process.argv[2] ?? '10'));
  process.stdout.write(`${JSON.stringify(measured)}\n`);
  if (measured.unexplained > 0 || measured.contradicted > 0) process.exitCode = 1;
}
