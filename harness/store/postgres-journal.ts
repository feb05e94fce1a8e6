/** Journals of campaigns in a shared database: a row for each record, and a lock that ends with the process that writes. */
import type { FuzzJournal, JournalState } from '../core/fuzz-journal.ts';
import { campaignRunning, readState } from './journal-state.ts';
import { claimTables, requireTables, type SharedSchema } from './postgres-format.ts';

/** Begins a journal, or goes on with one. Throws `campaign-running` where another process holds it. */
export async function openJournalIn(where: SharedSchema, id: string): Promise<FuzzJournal> {
  const { db, schema, shownAs } = where;
  await claimTables(where);
  const lock = lockOf(schema, id);
  if (!(await db.lock(lock))) throw campaignRunning(id, shownAs);
  const [last] = await db.ask(
    `SELECT coalesce(max(number), 0)::int AS last FROM ${schema}.journals WHERE campaign = $1`,
    [id],
  );
  let number = Number(last?.['last'] ?? 0);
  return {
    async write(record) {
      // The number makes a record that is sent twice one record.
      await db.ask(
        `INSERT INTO ${schema}.journals (campaign, number, record) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
        [id, ++number, JSON.stringify(record)],
      );
    },
    async finish() {
      await db.ask(`DELETE FROM ${schema}.journals WHERE campaign = $1`, [id]);
    },
    [Symbol.asyncDispose]: () => db.unlock(lock).catch(() => undefined),
  };
}

/** The newest campaign over these sets that did not reach its end and that no process is running; null: there is none. */
export async function findUnfinishedIn(where: SharedSchema, sets: readonly string[]): Promise<JournalState | null> {
  const { db, schema, shownAs } = where;
  if ((await requireTables(where)) === 'absent') return null;
  const starts = await db.ask(`SELECT campaign FROM ${schema}.journals WHERE number = 1`);
  let newest: JournalState | null = null;
  for (const { campaign } of starts) {
    const id = String(campaign);
    const lock = lockOf(schema, id);
    if (!(await db.lock(lock))) continue;
    await db.unlock(lock);
    const rows = await db.ask(`SELECT record FROM ${schema}.journals WHERE campaign = $1 ORDER BY number`, [id]);
    const state = readState(rows.map(({ record }) => String(record)).join('\n'), `${shownAs} (campaign ${id})`);
    if (state === null || JSON.stringify(state.start.sets) !== JSON.stringify(sets)) continue;
    if (newest === null || newest.start.at < state.start.at) newest = state;
  }
  return newest;
}

function lockOf(schema: string, id: string): string {
  return `palindrome campaign ${schema} ${id}`;
}
