/**
 * Takes the steps of an interleaving, one after the other, over real sessions, and writes down what happened.
 *
 * A session that is blocked takes its later steps when it goes on. It is asked whether it does when a session that it waits for has ended a
 * transaction. A statement that fails ends its transaction: it is rolled back at once. Pages that the steps leave out are turned at the end,
 * so that every scan comes to one.
 */
import type { InterleavingStep, Interleaving } from '../../core/interleaving.ts';
import type { PageSnapshot } from '../../core/paging-history.ts';
import type { DatabaseSession, SessionAnswer } from '../../core/session.ts';
import type { Row } from '../../core/dataset.ts';
import type { PagedTable } from './paged-table.ts';
import type { OpenTurner, Turned } from './page-turner.ts';
import { type DrivenScan, keepPage, openScan, hasEnded } from './driven-scan.ts';
import { outcomeOf, stepText, turnedText, writeOf } from './step-words.ts';
import { type LoggedTransaction, type SeenRow, VersionLog } from './version-log.ts';

/** One step as it was taken. */
interface TakenStep {
  readonly session: string;
  readonly text: string;
  outcome: string;
  blockedBy: string | null;
  resumedAt: number | null;
}

/** What the driver leaves. */
export interface Driven {
  readonly log: VersionLog;
  readonly transactions: readonly LoggedTransaction[];
  readonly steps: readonly TakenStep[];
  readonly scans: readonly DrivenScan[];
}

export interface DriveRequest {
  readonly paged: PagedTable;
  readonly interleaving: Interleaving;
  /** Rows of the table before the first step. */
  readonly start: readonly SeenRow[];
  /** The session of that name, with no transaction open. */
  readonly session: (name: string) => Promise<DatabaseSession>;
  readonly openTurner: OpenTurner;
  /** What a statement that begins now could see. */
  readonly look: () => Promise<PageSnapshot>;
}

interface Client {
  readonly name: string;
  readonly session: DatabaseSession;
  /** The transaction that wrote; null: none did yet. */
  transaction: LoggedTransaction | null;
  isInTransaction: boolean;
  waiting: { readonly at: number; readonly by: readonly string[]; readonly step: InterleavingStep } | null;
  readonly later: InterleavingStep[];
  scan: DrivenScan | null;
}

/** Runs the interleaving to its end. No transaction is open after it. */
export async function drive(request: DriveRequest): Promise<Driven> {
  const driver = new Driver(request);
  return driver.run();
}

function isBusy({ waiting, isInTransaction }: Client): boolean {
  return waiting !== null || isInTransaction;
}

class Driver {
  readonly #request: DriveRequest;
  readonly #clients = new Map<string, Client>();
  readonly #log = new VersionLog();
  readonly #transactions: LoggedTransaction[] = [];
  readonly #steps: TakenStep[] = [];
  readonly #columns: readonly string[];
  /** Rows that can ever be ahead of a scan: those of the start, and each that comes or moves. */
  #rows: number;

  constructor(request: DriveRequest) {
    this.#request = request;
    const { identity, key } = request.paged;
    this.#columns = [...identity, ...key.map(({ column }) => column)];
    for (const row of request.start) this.#log.start(row);
    this.#rows = request.start.length;
  }

  async run(): Promise<Driven> {
    const { steps } = this.#request.interleaving;
    for (const step of steps) await this.#take(step);
    const isTail = this.#request.paged.pager.kind === 'tail';
    if (!isTail) await this.#finishScans();
    await this.#endWriters();
    if (isTail) await this.#finishScans();
    await this.#endReaders();
    const scans = [...this.#clients.values()].flatMap(({ scan }) => scan ?? []);
    for (const { turner } of scans) await turner[Symbol.asyncDispose]();
    return { log: this.#log, transactions: this.#transactions, steps: this.#steps, scans };
  }

  async #take(step: InterleavingStep): Promise<void> {
    const client = await this.#clientOf(step.session);
    if (client.waiting !== null) {
      client.later.push(step);
      return;
    }
    switch (step.op) {
      case 'begin':
        return this.#begin(client, step);
      case 'commit':
        return this.#end(client, step);
      case 'rollback':
        return this.#rollback(client, step);
      case 'page':
        return this.#page(client, step);
      default:
        return this.#write(client, step);
    }
  }

  async #clientOf(name: string): Promise<Client> {
    const known = this.#clients.get(name);
    if (known !== undefined) return known;
    const session = await this.#request.session(name);
    const client = { name, session, transaction: null, isInTransaction: false, waiting: null, later: [], scan: null };
    this.#clients.set(name, client);
    return client;
  }

  async #begin(client: Client, step: InterleavingStep): Promise<void> {
    if (client.isInTransaction) return;
    await client.session.begin(this.#request.interleaving.isolation);
    client.isInTransaction = true;
    this.#note(step, 'done');
  }

  async #write(client: Client, step: InterleavingStep): Promise<void> {
    const { table, pager } = this.#request.paged;
    const write = writeOf(step, table.key);
    if (write === null) return;
    const at = this.#note(step, '');
    const answer = await client.session.write(write, { columns: this.#columns, condition: pager.filter });
    await this.#wrote(client, step, at, answer);
  }

  async #wrote(client: Client, step: InterleavingStep, at: number, answer: SessionAnswer): Promise<void> {
    if (answer.status === 'blocked') return this.#block(client, step, at, answer.by);
    this.#tell(at, outcomeOf(step, answer));
    if (answer.status === 'failed') return this.#undo(client);
    const rows = answer.rows.map((row) => this.#seen(row));
    if (rows.length > 0) {
      const transaction = this.#transactionOf(client);
      transaction.id ??= answer.transaction === null ? null : BigInt(answer.transaction);
      // Who waited for this session in a circle was refused, and has not been asked yet.
      if (rows.some((row) => this.#log.isOpenElsewhere(row, transaction))) await this.#settle(client.name);
      const op = step.op === 'delete' ? 'delete' : step.op === 'insert' || step.op === 'reinsert' ? 'insert' : 'update';
      for (const row of rows) this.#log.record(op, row, transaction);
      if (op !== 'delete') this.#rows += rows.length;
    }
    if (!client.isInTransaction) await this.#committed(client, answer.transaction);
  }

  async #end(client: Client, step: InterleavingStep): Promise<void> {
    if (!client.isInTransaction) return;
    const at = this.#note(step, '');
    await this.#ended(client, step, at, await client.session.commit());
  }

  async #ended(client: Client, step: InterleavingStep, at: number, answer: SessionAnswer): Promise<void> {
    if (answer.status === 'blocked') return this.#block(client, step, at, answer.by);
    this.#tell(at, outcomeOf(step, answer));
    if (answer.status === 'failed') return this.#undo(client);
    client.isInTransaction = false;
    await this.#committed(client, answer.transaction);
  }

  async #committed(client: Client, id: string | null): Promise<void> {
    const { transaction } = client;
    client.transaction = null;
    if (transaction !== null) {
      transaction.id ??= id === null ? null : BigInt(id);
      transaction.outcome = 'committed';
    }
    await this.#settle(client.name);
  }

  async #rollback(client: Client, step: InterleavingStep): Promise<void> {
    if (!client.isInTransaction) return;
    this.#note(step, 'done');
    await this.#undo(client);
  }

  async #undo(client: Client): Promise<void> {
    await client.session.rollback();
    client.isInTransaction = false;
    const { transaction } = client;
    client.transaction = null;
    if (transaction !== null) {
      transaction.outcome = 'rolled-back';
      this.#log.undo(transaction);
    }
    await this.#settle(client.name);
  }

  async #page(client: Client, step: InterleavingStep): Promise<void> {
    const scan = (client.scan ??= await openScan(client.session, this.#request));
    if (hasEnded(scan, this.#rows)) return;
    const { isolation, transactionPer } = this.#request.interleaving;
    const own = scan.turner.session;
    const isHeld = transactionPer === 'scan' || isolation === 'serializable';
    if (own !== null && isHeld && !client.isInTransaction) {
      client.isInTransaction = transactionPer === 'scan';
      await own.begin(isolation, client.isInTransaction ? undefined : 'statement');
    }
    const at = this.#note(step, '', scan.pages.length + 1);
    const seen = own === null ? await this.#request.look() : null;
    await this.#turned(client, step, at, await scan.turner.turn(scan.cursor, 'forward'), seen);
  }

  async #turned(
    client: Client,
    step: InterleavingStep,
    at: number,
    turned: Turned,
    seen: PageSnapshot | null,
  ): Promise<void> {
    const { scan } = client;
    if (turned.status === 'blocked') return this.#block(client, step, at, turned.by);
    if (scan === null) return;
    this.#tell(at, turnedText(turned));
    if (turned.status === 'failed') {
      scan.failure = turned;
      if (scan.turner.session !== null) await client.session.rollback();
      client.isInTransaction = false;
      return;
    }
    const snapshot = turned.snapshot ?? seen;
    if (snapshot === null) throw new Error('a page without a snapshot');
    keepPage(scan, turned, snapshot, at);
    if (!client.isInTransaction || !hasEnded(scan, this.#rows)) return;
    const answer = await client.session.commit();
    client.isInTransaction = false;
    if (answer.status === 'failed') await client.session.rollback();
    if (answer.status === 'failed' && !answer.isConcurrency) throw new Error(answer.fault.message);
  }

  async #block(client: Client, step: InterleavingStep, at: number, by: readonly string[]): Promise<void> {
    client.waiting = { at, by, step };
    const taken = this.#steps[at];
    if (taken === undefined) return;
    taken.blockedBy ??= by.join(', ');
    taken.outcome = `blocked by ${taken.blockedBy}`;
  }

  /** Asks those who waited for that session how they went on. */
  async #settle(name: string): Promise<void> {
    for (const client of this.#clients.values()) {
      const { waiting } = client;
      if (waiting === null || !waiting.by.includes(name)) continue;
      client.waiting = null;
      const { at, step } = waiting;
      const { scan } = client;
      if (step.op === 'page' && scan !== null) await this.#turned(client, step, at, await scan.turner.settle(), null);
      else if (step.op === 'commit') await this.#ended(client, step, at, await client.session.settle());
      else await this.#wrote(client, step, at, await client.session.settle());
      while (client.waiting === null && client.later.length > 0) {
        const next = client.later.shift();
        if (next !== undefined) await this.#take(next);
      }
    }
  }

  async #finishScans(): Promise<void> {
    for (const client of this.#clients.values()) {
      const { scan } = client;
      if (scan === null) continue;
      // A tail is polled until nothing is left; a scan until the pager says so, or ought to have.
      scan.isDraining = true;
      while (client.waiting === null && !hasEnded(scan, this.#rows))
        await this.#page(client, { session: client.name, op: 'page' });
    }
  }

  /** Rolls back what is open, again until nobody waits: one who does not wait is always there. */
  async #endWriters(): Promise<void> {
    const open = (): Client[] => [...this.#clients.values()].filter(({ scan }) => scan === null);
    while (open().some(isBusy)) {
      const free = open().find((client) => client.waiting === null && client.isInTransaction);
      if (free !== undefined) {
        await this.#rollback(free, { session: free.name, op: 'rollback' });
        continue;
      }
      for (const { waiting } of open()) for (const name of waiting?.by ?? []) await this.#settle(name);
    }
  }

  async #endReaders(): Promise<void> {
    for (const client of this.#clients.values()) {
      if (client.scan === null) continue;
      for (const name of client.waiting?.by ?? []) await this.#settle(name);
      if (client.waiting === null) await client.session.rollback();
      client.isInTransaction = false;
    }
  }

  #transactionOf(client: Client): LoggedTransaction {
    if (client.transaction !== null) return client.transaction;
    const transaction: LoggedTransaction = { session: client.name, id: null, outcome: 'open' };
    client.transaction = transaction;
    this.#transactions.push(transaction);
    return transaction;
  }

  #seen(row: Row): SeenRow {
    const { identity } = this.#request.paged;
    return {
      identity: row.slice(0, identity.length),
      key: row.slice(identity.length, this.#columns.length),
      matches: row[this.#columns.length] === '1',
    };
  }

  /** Returns the step's place. */
  #note(step: InterleavingStep, outcome: string, page: number | null = null): number {
    const text = stepText(step, this.#request.paged, page);
    return this.#steps.push({ session: step.session, text, outcome, blockedBy: null, resumedAt: null }) - 1;
  }

  #tell(at: number, outcome: string): void {
    const taken = this.#steps[at];
    if (taken === undefined) return;
    if (taken.blockedBy !== null) taken.resumedAt = this.#steps.length - 1;
    taken.outcome = taken.blockedBy === null ? outcome : `blocked by ${taken.blockedBy}; then ${outcome}`;
  }
}
