/**
 * A writer's connection for sessions that are really at work at once. Its transactions run in the server, as a block (`writer-block.ts`); those that a
 * block cannot do are sent without waiting for answers, each with its own end. What is told of it is the server's: which transaction wrote, and which one's version each write replaced.
 */
import { DatabaseError } from 'pg';
import type { Client, QueryArrayResult } from 'pg';
import type { Cell, Row } from '../../core/dataset.ts';
import type { Returning, SentAnswer, SentTransaction, WriterSession, WrittenRow } from '../../core/session.ts';
import type { DatabaseFault } from '../../core/trace.ts';
import { AS_TEXT, closeClient } from './connection.ts';
import { isSessionLost, serverLost, toFault } from './faults.ts';
import { beginSql } from './session.ts';
import { quoteLiteral } from './quote.ts';
import { linkedWriteSql, versionsSql } from './session-sql.ts';
import { BEGUN, blockMessages, fitsBlock, readBlock, writtenRow } from './writer-block.ts';

/** A statement that was refused because an earlier one of its transaction was. */
const IN_FAILED_TRANSACTION = '25P02';

/** Transactions of one block: what it has to tell stays small. */
const IN_A_BLOCK = 500;
/** Transactions that are sent one by one before answers are looked at: others get their turn. */
const AHEAD = 2;

type Answer = { readonly rows: readonly Row[]; readonly command: string } | { readonly fault: DatabaseFault };

export class PostgresWriter implements WriterSession {
  readonly name: string;
  readonly #client: Client;
  readonly #address: string;
  readonly #left: () => void;
  readonly #ordinary = new Map<string, boolean>();
  #usesBlocks = true;
  /** Statements that the server has; one that is only on its way to it may be refused there with the transaction that it is in. */
  readonly #prepared = new Map<string, { readonly name: string; isThere: boolean; isTried: boolean }>();

  constructor(name: string, client: Client, address: string, left: () => void) {
    this.name = name;
    this.#client = client;
    this.#address = address;
    this.#left = left;
  }

  async sendAll(transactions: readonly SentTransaction[], returning: Returning): Promise<readonly SentAnswer[]> {
    const answers: SentAnswer[] = [];
    for (let from = 0; from < transactions.length; from += IN_A_BLOCK) {
      const some = transactions.slice(from, from + IN_A_BLOCK);
      const isBlock = this.#usesBlocks && fitsBlock(some) && (await this.#areOrdinary(some));
      const told = isBlock ? await this.#runBlock(some, returning) : null;
      answers.push(...(told ?? (await this.#sendEach(some, returning))));
    }
    return answers;
  }

  /** Null: it could not be run, and nothing was written. */
  async #runBlock(
    transactions: readonly SentTransaction[],
    returning: Returning,
  ): Promise<readonly SentAnswer[] | null> {
    const [, done, told] = await Promise.all(blockMessages(transactions, returning).map((sql) => this.#run(sql, null)));
    const text = told === undefined || 'fault' in told ? null : (told.rows[0]?.[0] ?? null);
    if (text === BEGUN) throw new Error(`${this.name} was stopped in the middle: ${JSON.stringify(done)}`);
    const answers = text === null || text === '' ? null : readBlock(text);
    this.#usesBlocks = answers !== null;
    return answers;
  }

  /** Rows that are routed to partitions do not tell who made them. */
  async #areOrdinary(transactions: readonly SentTransaction[]): Promise<boolean> {
    const tables = new Set(transactions.flatMap(({ writes }) => writes.map(({ table }) => table)));
    for (const table of tables) {
      const known = this.#ordinary.get(table);
      if (known === false) return false;
      if (known === true) continue;
      const answer = await this.#run(
        `SELECT relkind = 'r' FROM pg_catalog.pg_class WHERE oid = ${quoteLiteral(table)}::regclass`,
        null,
      );
      const isOrdinary = !('fault' in answer) && answer.rows[0]?.[0] === 't';
      this.#ordinary.set(table, isOrdinary);
      if (!isOrdinary) return false;
    }
    return true;
  }

  async #sendEach(transactions: readonly SentTransaction[], returning: Returning): Promise<readonly SentAnswer[]> {
    const answers: Promise<SentAnswer>[] = [];
    for (const transaction of transactions) {
      answers.push(this.#send(transaction, returning));
      await answers.at(-AHEAD);
    }
    return Promise.all(answers);
  }

  async #send({ isolation, writes, lingerMs, ends }: SentTransaction, returning: Returning): Promise<SentAnswer> {
    const isAlone = writes.length === 1 && lingerMs === 0 && ends === 'commit' && isolation === 'read-committed';
    const begun = isAlone ? [] : [this.#run(beginSql(isolation), null)];
    const written = writes.map((write) => {
      const params: Cell[] = [];
      const sql = linkedWriteSql(write, returning, (cell) => `$${params.push(cell)}`, 'query');
      return this.#run(sql, params);
    });
    const ended = isAlone
      ? []
      : [
          ...(lingerMs === 0 ? [] : [this.#run('SELECT pg_catalog.pg_sleep($1)', [String(lingerMs / 1000)])]),
          this.#run(ends === 'commit' ? 'COMMIT' : 'ROLLBACK', null),
        ];
    const answers = await Promise.all([...begun, ...written, ...ended]);
    const faults = answers.flatMap((answer) => ('fault' in answer ? [answer.fault] : []));
    const last = answers.at(-1);
    // The end of a transaction in which something was refused is told as a rollback, whatever was asked for.
    const isCommitted = last !== undefined && !('fault' in last) && (isAlone || last.command === 'COMMIT');
    const rows = answers.slice(begun.length, begun.length + written.length);
    const told = rows.flatMap((answer) => ('fault' in answer ? [] : [answer.rows]));
    return {
      outcome: isCommitted ? 'committed' : 'rolled-back',
      transaction: told.flat()[0]?.at(-1) ?? null,
      mark: null,
      writes: told.map((each) => each.map((row) => writtenRow(row.slice(0, -1)))),
      fault: faults.find(({ code }) => code !== IN_FAILED_TRANSACTION) ?? null,
    };
  }

  async versions(table: string, returning: Returning): Promise<readonly WrittenRow[]> {
    const answer = await this.#run(versionsSql(table, returning), null);
    if ('fault' in answer) throw new Error(`the rows of ${table} could not be read: ${answer.fault.message}`);
    return answer.rows.map(writtenRow);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#left();
    await closeClient(this.#client);
  }

  async #run(sql: string, params: Row | null): Promise<Answer> {
    const known = params === null ? null : this.#statementOf(sql);
    const isNamed = known !== null && (known.isThere || !known.isTried);
    if (known !== null) known.isTried = true;
    try {
      const result: QueryArrayResult = await this.#client.query({
        ...(isNamed ? { name: known.name } : {}),
        ...(params === null ? {} : { values: [...params] }),
        text: sql,
        rowMode: 'array',
        types: AS_TEXT,
      });
      if (isNamed) known.isThere = true;
      return { rows: result.rows as Row[], command: result.command };
    } catch (error) {
      if (!(error instanceof DatabaseError) || isSessionLost(error)) throw serverLost(error, this.#address);
      if (isNamed && !known.isThere) known.isTried = false;
      return { fault: toFault(error) };
    }
  }

  #statementOf(sql: string): { readonly name: string; isThere: boolean; isTried: boolean } {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const made = { name: `palindrome_${this.#prepared.size}`, isThere: false, isTried: false };
    this.#prepared.set(sql, made);
    return made;
  }
}
