/**
 * Where one database lives inside the engine process, and its connection. A connection is a session: opening a new one
 * forgets pragmas, temporary tables, attached databases and open transactions, as closing the program would.
 */
import type { Database as Connection, Statement } from 'better-sqlite3';
import { hold, openConnection } from './native-objects.ts';

export type { Connection };

/** Prepared statements kept for a session. */
const STATEMENTS_KEPT = 500;

/** Prepares a new connection: pragmas and functions. */
export type Configure = (connection: Connection) => void;

/** One database, in memory or in a file, with at most one connection. */
export class Home {
  readonly file: string | null;
  readonly #configure: Configure;
  readonly #isReadOnly: boolean;
  #connection: Connection | null = null;
  /** In memory: the database as bytes, exact while `#isDirty` is false. */
  #image: Buffer;
  #isDirty = false;
  /** What was prepared on the connection, by its SQL. */
  readonly #prepared = new Map<string, Statement>();

  constructor(file: string | null, image: Buffer, configure: Configure, isReadOnly = false) {
    this.file = file;
    this.#isReadOnly = isReadOnly;
    this.#image = image;
    this.#configure = configure;
  }

  /** The current session. */
  get connection(): Connection {
    return (this.#connection ??= this.#open());
  }

  /** A prepared statement of the current session, made once. Its SQL must not be a script's. */
  prepare(sql: string): Statement {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const statement = this.connection.prepare(sql);
    if (this.#prepared.size >= STATEMENTS_KEPT) this.#forget();
    this.#prepared.set(sql, statement);
    return statement;
  }

  /** Says that the database may have changed since its image was taken. */
  touch(): void {
    this.#isDirty = true;
  }

  /** The database as bytes; null for a file, which keeps itself. */
  image(): Buffer | null {
    if (this.file !== null) return null;
    if (this.#isDirty && this.#connection !== null) {
      this.#image = this.#connection.serialize();
      this.#isDirty = false;
    }
    return this.#image;
  }

  /** A new session on the same data. */
  renew(): Connection {
    this.image();
    this.close();
    return this.connection;
  }

  /** Ends the session. In memory the data stay in the image. */
  close(): void {
    this.image();
    this.#forget();
    if (this.#connection !== null) hold(this.#connection).close();
    this.#connection = null;
  }

  #forget(): void {
    for (const statement of this.#prepared.values()) hold(statement);
    this.#prepared.clear();
  }

  #open(): Connection {
    // A deserialised database takes over a copy of the bytes, so the image stays as it is.
    const connection = openConnection(this.file ?? this.#image, { readonly: this.#isReadOnly });
    connection.unsafeMode(true);
    this.#configure(connection);
    return connection;
  }
}
