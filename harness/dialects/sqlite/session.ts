/** A connection that stays, in the engine process of its database. A write that meets the writer waits until it is asked about again. */
import type { Row } from '../../core/dataset.ts';
import type { LaterWrite } from '../../core/later-write.ts';
import type { IsolationLevel } from '../../core/paging-history.ts';
import type { DatabaseSession, Returning, SessionAnswer } from '../../core/session.ts';
import type { SessionAction } from './session-connections.ts';

/** Sends one action to the engine. */
export type Act = (action: SessionAction) => Promise<SessionAnswer>;

export class SqliteSession implements DatabaseSession {
  readonly name: string;
  readonly #act: Act;
  #waiting: SessionAction | null = null;
  /** The transaction ends with its next statement. */
  #isAlone = false;
  #isClosed = false;

  constructor(name: string, act: Act) {
    this.name = name;
    this.#act = act;
  }

  /** Every transaction of SQLite is serialisable. */
  async begin(_isolation: IsolationLevel, until?: 'statement'): Promise<void> {
    await this.#do({ do: 'begin' });
    this.#isAlone = until === 'statement';
  }

  async write(write: LaterWrite, returning: Returning): Promise<SessionAnswer> {
    return this.#do({ do: 'write', write, returning });
  }

  async read(sql: string, params: Row): Promise<SessionAnswer> {
    return this.#do({ do: 'read', sql, params });
  }

  async settle(): Promise<SessionAnswer> {
    const action = this.#waiting;
    if (action === null) throw new Error(`Session ${this.name} waits for nothing.`);
    this.#waiting = null;
    return this.#do(action);
  }

  async commit(): Promise<SessionAnswer> {
    return this.#do({ do: 'commit' });
  }

  async rollback(): Promise<void> {
    await this.#do({ do: 'rollback' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#act({ do: 'close' });
  }

  async #do(action: SessionAction): Promise<SessionAnswer> {
    if (this.#waiting !== null) throw new Error(`Session ${this.name} waits for a lock.`);
    const answer = await this.#act(action);
    if (answer.status === 'blocked') this.#waiting = action;
    if (answer.status === 'blocked' || !this.#isAlone) return answer;
    this.#isAlone = false;
    const ended = await this.#act({ do: answer.status === 'done' ? 'commit' : 'rollback' });
    if (ended.status === 'done') return { ...answer, ...('rows' in answer ? { transaction: ended.transaction } : {}) };
    await this.#act({ do: 'rollback' });
    return answer.status === 'done' && ended.status === 'failed' && !ended.isConcurrency ? ended : answer;
  }
}
