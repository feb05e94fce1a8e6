/**
 * A store in a PostgreSQL database, for machines that share what they find. Each thing that is kept is a row, written in one statement that means the
 * same when it is sent twice: whole or not there, from however many processes. What this machine finds is copied into a folder as well, so that the
 * files which reports name are there.
 */
import { PalindromeError } from '../core/errors.ts';
import type { SharedRow } from '../core/shared-database.ts';
import { parseEntry } from './history.ts';
import { parsePastRuns } from './past-runs.ts';
import { claimTables, requireTables, type SharedSchema } from './postgres-format.ts';
import { findUnfinishedIn, openJournalIn } from './postgres-journal.ts';
import type { CounterexampleArchive, Store } from './store.ts';
import { parseCounterexample } from './validate.ts';

export interface PostgresStoreRequest extends SharedSchema {
  /** Where what this machine finds is copied to. */
  readonly copies: CounterexampleArchive;
}

/** Opens a store; its tables are made at the first write. The store closes the session. */
export function openPostgresStore(request: PostgresStoreRequest): Store {
  const { db, schema, shownAs, copies } = request;
  const read = async (text: string, values: readonly unknown[] = []): Promise<readonly SharedRow[]> =>
    (await requireTables(request)) === 'there' ? db.ask(text, values) : [];
  const write = async (text: string, values: readonly unknown[]): Promise<void> => {
    await claimTables(request);
    await db.ask(text, values);
  };
  const shown = (id: string): string => `${shownAs} (counterexample ${id})`;
  return {
    shownAs,
    async save(example, repro, history = null) {
      await write(
        `INSERT INTO ${schema}.counterexamples (id, example, repro, history) VALUES ($1, $2, $3, $4)
         ON CONFLICT (id) DO UPDATE SET example = excluded.example, repro = excluded.repro,
           history = coalesce(excluded.history, counterexamples.history), saved_at = now()`,
        [example.id, JSON.stringify(example), repro, history === null ? null : JSON.stringify(history)],
      );
      return copies.save(example, repro, history);
    },
    async load(idOrPath) {
      if (/[/\\]|\.json$/.test(idOrPath)) return copies.load(idOrPath);
      const rows = await read(
        `SELECT id, example FROM ${schema}.counterexamples WHERE left(id, length($1)) = $1 ORDER BY id COLLATE "C" LIMIT 12`,
        [idOrPath],
      );
      const exact = rows.find(({ id }) => id === idOrPath) ?? (rows.length === 1 ? rows[0] : undefined);
      if (exact === undefined) throw notFound(idOrPath, shownAs, rows);
      const file = shown(String(exact['id']));
      return { example: parseCounterexample(String(exact['example']), file), file };
    },
    async list() {
      const rows = await read(`SELECT id FROM ${schema}.counterexamples ORDER BY id COLLATE "C"`);
      return rows.map(({ id }) => String(id));
    },
    async loadAll() {
      const rows = await read(`SELECT id, example FROM ${schema}.counterexamples ORDER BY id COLLATE "C"`);
      return rows.map(({ id, example }) => {
        const file = shown(String(id));
        try {
          return { file, example: parseCounterexample(String(example), file), fault: null };
        } catch (thrown) {
          if (!(thrown instanceof PalindromeError)) throw thrown;
          return { file, example: null, fault: thrown.message };
        }
      });
    },
    async remove(id) {
      await read(`DELETE FROM ${schema}.counterexamples WHERE id = $1`, [id]);
      await copies.remove(id);
    },
    async readHistory() {
      const rows = await read(`SELECT entry FROM ${schema}.runs ORDER BY number`);
      const runs = rows.flatMap(({ entry }) => parseEntry(String(entry)) ?? []);
      return { runs, unreadable: rows.length - runs.length };
    },
    async addRun(run) {
      await write(`INSERT INTO ${schema}.runs (id, entry) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`, [
        run.id,
        JSON.stringify(run),
      ]);
    },
    async readPastRuns(most) {
      const rows = await read(`SELECT entry FROM ${schema}.runs ORDER BY number DESC LIMIT $1`, [most]).catch(() => []);
      return parsePastRuns(rows.map(({ entry }) => String(entry)).toReversed(), most);
    },
    async readJudged() {
      const rows = await read(`SELECT unit, checksum FROM ${schema}.judged ORDER BY unit COLLATE "C"`);
      return new Map(rows.map(({ unit, checksum }) => [String(unit), String(checksum)]));
    },
    async writeJudged(checksums) {
      // One order for everybody: two processes wait for each other, and never both.
      const entries = [...checksums].toSorted(([a], [b]) => (a < b ? -1 : 1));
      await write(
        `INSERT INTO ${schema}.judged (unit, checksum) SELECT * FROM unnest($1::text[], $2::text[])
         ON CONFLICT (unit) DO UPDATE SET checksum = excluded.checksum`,
        [entries.map(([unit]) => unit), entries.map(([, checksum]) => checksum)],
      );
    },
    openJournal: (id) => openJournalIn(request, id),
    findUnfinished: (sets) => findUnfinishedIn(request, sets),
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
}

function notFound(idOrPath: string, shownAs: string, rows: readonly SharedRow[]): PalindromeError {
  const found =
    rows.length === 0 ? 'nothing starts with it' : `it could be ${rows.map(({ id }) => String(id)).join(', ')}`;
  return new PalindromeError('counterexample-not-found', `No counterexample "${idOrPath}" in ${shownAs}: ${found}.`, {
    hint: 'Give the id that a report prints, or the path of a counterexample file.',
  });
}
