/** Writers for work at once: a block of transactions in the server tells what statements that are sent one by one tell. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../harness/core/dialect.ts';
import type { LaterWrite } from '../../harness/core/later-write.ts';
import type { IsolationLevel } from '../../harness/core/paging-history.ts';
import { markOf, type SentAnswer, type SentTransaction, type WriterSession } from '../../harness/core/session.ts';
import { openDialect, type OpenDialect } from './support.ts';

const COLUMNS = ['id', 'is_open', 'code', 'at', 'note'];
const TABLE = `(id bigint PRIMARY KEY, is_open boolean, code char(4), at timestamptz, note text)`;
const RETURNING = { columns: COLUMNS, condition: 'is_open' };
const ODD = `it's "a" \\ {b,c} $palindrome$ NULL`;

describe('a writer of transactions at once', () => {
  let opened: OpenDialect;
  let database: Database;
  beforeAll(async () => {
    opened = await openDialect('postgres');
    database = await opened.cluster.create();
    await database.run(`CREATE TABLE items ${TABLE};
      CREATE TABLE parts ${TABLE.replace('PRIMARY KEY', 'NOT NULL')} PARTITION BY LIST (id);
      CREATE TABLE parts_all PARTITION OF parts DEFAULT;`);
  });
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
  });

  it.each(['read-committed', 'repeatable-read'] as const)(
    'should tell of a block at %s what it tells of each transaction alone',
    async (isolation) => {
      const block = await sendAll('public.items', isolation);
      // The end of a serialisable transaction can be refused where a block could not tell.
      const each = await sendAll('public.items', 'serializable');
      expect(told(block)).toEqual(told(each));
      expect(told(block)).toMatchSnapshot();
      expect(block.some(({ mark }) => mark !== null)).toBe(true);
      expect(each.every(({ mark }) => mark === null)).toBe(true);
    },
  );

  it('should send each alone where rows do not tell who made them, as those of partitions', async () => {
    const parts = await sendAll('public.parts', 'read-committed');
    expect(told(parts).filter(({ fault }) => fault === '0A000')).toEqual([]);
    expect(parts.filter(({ outcome }) => outcome === 'committed').length).toBeGreaterThan(3);
  });

  async function sendAll(table: string, isolation: IsolationLevel): Promise<readonly SentAnswer[]> {
    await database.run('TRUNCATE items, parts');
    const writer: WriterSession | null = await database.openWriter('w1');
    if (writer === null) throw new Error('writers take turns');
    try {
      return await writer.sendAll(work(table, isolation), RETURNING);
    } finally {
      await writer[Symbol.asyncDispose]();
    }
  }
});

/** Every kind of write, one that is refused in the middle of others, one that finds nothing, and one that is taken back. */
function work(table: string, isolation: IsolationLevel): readonly SentTransaction[] {
  const insert = (...row: readonly (string | null)[]): LaterWrite => ({ op: 'insert', table, columns: COLUMNS, row });
  const key = (id: string): { readonly columns: readonly string[]; readonly row: readonly string[] } => ({
    columns: ['id'],
    row: [id],
  });
  const update = (id: string, note: string | null): LaterWrite => ({
    op: 'update',
    table,
    key: key(id),
    columns: ['note'],
    row: [note],
  });
  const remove = (id: string): LaterWrite => ({ op: 'delete', table, key: key(id) });
  const sent = (writes: readonly LaterWrite[], ends: 'commit' | 'rollback' = 'commit'): SentTransaction => ({
    isolation,
    writes,
    lingerMs: 0,
    ends,
  });
  return [
    sent([insert('1', 't', 'ab', '2024-03-10 12:00:00.000001+00', ODD)]),
    sent([insert('9007199254740993', null, null, null, ''), update('1', null)]),
    sent([update('1', 'x'), insert('2', 'maybe', 'ab', null, null), update('1', 'never')]),
    sent([update('77', 'x')]),
    sent([insert('3', 'f', 'abcd', 'infinity', 'y'), update('3', 'z'), remove('1')], 'rollback'),
    sent([remove('1'), insert('1', 'f', 'é', '-infinity', 'again'), update('1', ODD)]),
    sent([remove('9007199254740993')]),
  ];
}

/** Transactions are told by their order, and whatever made a version by the transaction that did. */
function told(answers: readonly SentAnswer[]) {
  const marks = new Map(
    answers.flatMap(({ transaction, mark }, at) =>
      transaction === null ? [] : [[mark ?? markOf(transaction), `transaction ${at + 1}`] as const],
    ),
  );
  return answers.map(({ outcome, transaction, writes, fault }) => ({
    outcome,
    wrote: transaction !== null,
    fault: fault?.code ?? null,
    writes: writes.map((rows) =>
      rows.map(({ cells, before }) => ({ cells, before: before === null ? null : (marks.get(before) ?? 'unknown') })),
    ),
  }));
}
