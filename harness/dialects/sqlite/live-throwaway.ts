/**
 * A throwaway database behind the port of the user's own, for sets that go through a ledger: it is held by one process, may be in memory, and
 * has no other users and no backups. What it runs, and the ledger's SQL, are those of `live.ts`.
 */
import { type Catalog, makeCatalog } from '../../core/catalog.ts';
import type { ExecutionLimits, QueryResult } from '../../core/dialect.ts';
import { PalindromeError } from '../../core/errors.ts';
import type { LiveDatabase } from '../../core/live.ts';
import type { Script } from '../../core/migration.ts';
import type { ScriptOutcome } from '../../core/trace.ts';
import { canCommitWithLedger } from './live-inside.ts';
import { createLedgerSql, ledgerKey, ledgerWriteSql, parseLedger, readLedgerSql } from './live-ledger.ts';
import { quoteText } from './quote.ts';

const OWN_MS = 120_000;

/** What is asked of the database underneath. */
export interface ThrowawayAnswers {
  /** `inside`: statements that run last in the transaction of a `wrapped` script. */
  execute(script: Script, limits: ExecutionLimits, inside: string | null): Promise<ScriptOutcome>;
  query(sql: string, maxRows: number, limitMs: number): Promise<QueryResult>;
  run(sql: string): Promise<void>;
  catalog(): Promise<Catalog>;
}

/** The port over a database that stays its owner's: disposing it does nothing. */
export async function openThrowaway(
  address: string,
  ledgerTable: string,
  database: ThrowawayAnswers,
): Promise<LiveDatabase> {
  const key = ledgerKey(ledgerTable);
  const ask = async (sql: string): Promise<string | null | undefined> => {
    const result = await database.query(sql, 1, OWN_MS);
    if (result.status === 'rows') return result.rows[0]?.[0];
    throw new PalindromeError('database-unreadable', `the database cannot be read: ${result.fault.message}`);
  };
  return {
    address,
    engineVersion: (await ask('SELECT sqlite_version()'))?.replaceAll("'", '') ?? '',
    lock: () => Promise.resolve(),
    canRunInside: (script) => Promise.resolve(canCommitWithLedger(script)),
    execute: ({ script, limits, inside }) =>
      database.execute(script, limits, inside === null ? null : ledgerWriteSql(key, inside)),
    async catalog() {
      const { objects } = await database.catalog();
      return makeCatalog(objects.filter(({ name, table }) => name !== key && table !== key));
    },
    query: (sql, maxRows, limitMs) => database.query(sql, maxRows, limitMs),
    async readLedger() {
      const found = await ask(`SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = ${quoteText(key)}`);
      return found === undefined ? null : parseLedger(key, (await ask(readLedgerSql(key))) ?? "'[]'");
    },
    createLedger: () => database.run(createLedgerSql(key)),
    async writeLedger(writes) {
      if (writes.length === 0) return;
      await database.run(
        ['BEGIN IMMEDIATE', ...writes.map((write) => ledgerWriteSql(key, write)), 'COMMIT'].join(';\n'),
      );
    },
    drop: () => Promise.reject(new TypeError('nothing is dropped from a throwaway database')),
    backup: () => Promise.resolve(null),
    expireBackups: () => Promise.resolve([]),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
