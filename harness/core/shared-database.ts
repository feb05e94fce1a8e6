/**
 * A PostgreSQL database that several machines share, as a store and a queue see it: statements, and locks that end with their process.
 */

/** A row by column name; cells are the driver's: text, numbers, booleans, null. */
export type SharedRow = Readonly<Record<string, unknown>>;

export interface SharedDatabase extends AsyncDisposable {
  /** Its URL without the password. */
  readonly shownAs: string;
  /**
   * Runs one statement. A connection that is lost is made again, with a bounded wait, and the statement sent once more: it has to mean the same when
   * it runs twice. Throws `shared-database-lost` (environment) where the wait ends, `shared-database-refuses` where the server refuses.
   */
  ask(text: string, values?: readonly unknown[]): Promise<readonly SharedRow[]>;
  /** Several statements in one transaction, without values. Otherwise as `ask`. */
  run(script: string): Promise<void>;
  /** Takes a lock that ends with this process or its connection, and is taken again when a connection is. False: another process has it. */
  lock(name: string): Promise<boolean>;
  /** Gives a lock back. */
  unlock(name: string): Promise<void>;
}
