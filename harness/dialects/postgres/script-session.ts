/**
 * The session in which scripts run: always as good as new, reconnecting only where that cannot be had cheaper.
 */
import type { Client } from 'pg';
import { closeClient, openClient } from './connection.ts';
import type { PostgresServer } from './connection.ts';

/**
 * Things that `DISCARD ALL` does not undo, or that only a new session sees: settings of databases and roles,
 * custom settings (`SET app.user = …`, `set_config`), loaded libraries, and the state of other languages.
 */
const OUTLIVES_DISCARD =
  /\b(alter\s+(database|role|user|system)|set_config|load|session\s+authorization|plpython\w*|plperl\w*|pltcl\w*|plv8|dblink\w*)\b|\bset\s+((session|local)\s+)?"?\w+"?\.\w/i;

/** Statements that change what later sessions start with. */
const CHANGES_DEFAULTS = /\balter\s+(database|role|user|system)\b/i;

/** Whether sessions that are already open no longer start as a new one would. */
export function changesDefaults(text: string): boolean {
  return CHANGES_DEFAULTS.test(text);
}

/** Whether a script may leave more behind than `DISCARD ALL` takes away. */
export function outlivesDiscard(text: string): boolean {
  return OUTLIVES_DISCARD.test(text);
}

/** What sessions are opened with; shared by the databases of a cluster, so that a first session need not be replaced. */
export interface SessionDefaults {
  statementMs: number;
}

/** One session at a time; `close` must be called. */
export class ScriptSession {
  private readonly server: PostgresServer;
  private readonly database: string;
  private readonly defaults: SessionDefaults;
  private current: Client | null = null;
  private statementMs = 0;
  /** An end that nobody waited for yet. */
  private ending: Promise<void> | null = null;

  constructor(server: PostgresServer, database: string, defaults: SessionDefaults) {
    this.server = server;
    this.database = database;
    this.defaults = defaults;
  }

  /** A clean session whose statements are limited to `statementMs` (0: unlimited). */
  async open(statementMs: number): Promise<Client> {
    this.defaults.statementMs = statementMs;
    await this.ending;
    if (this.current !== null && this.statementMs !== statementMs) await this.close();
    if (this.current === null) {
      this.current = await openClient(this.server, this.database, { statementMs });
      this.statementMs = statementMs;
    }
    return this.current;
  }

  /** A clean session as `open` gives it, for the caller to end: the next one is another. */
  async take(statementMs: number): Promise<Client> {
    const client = await this.open(statementMs);
    this.current = null;
    return client;
  }

  /** Any clean session, whatever its limit. */
  async openAny(): Promise<Client> {
    await this.ending;
    return this.current ?? this.open(this.defaults.statementMs);
  }

  /** As `finish`, for what nobody looks at before the session is used again: it does not wait for it. */
  finishLater(mustReconnect: boolean): void {
    const before = this.ending;
    this.ending = (async () => {
      await before;
      await this.end(mustReconnect);
    })();
  }

  /** Ends the session as a closing connection would: what is open is rolled back, what is temporary is gone. */
  async finish(mustReconnect: boolean): Promise<void> {
    await this.ending;
    await this.end(mustReconnect);
  }

  private async end(mustReconnect: boolean): Promise<void> {
    const client = this.current;
    if (client === null) return;
    if (mustReconnect) return this.close();
    try {
      if (client.getTransactionStatus() !== 'I') await client.query('ROLLBACK');
      await client.query('DISCARD ALL');
    } catch {
      await this.close();
    }
  }

  async close(): Promise<void> {
    const client = this.current;
    this.current = null;
    await closeClient(client);
  }
}
