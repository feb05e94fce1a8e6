/**
 * Laws that a user states as functions: what they may do, and what they return.

 */
/** A function's look at a database: it cannot write. */
export interface ReadOnlyDatabase {
  /**
   * Runs one query and returns its rows by column, each value as exact text or null. Throws `PalindromeError` (`invariant-fails`) where the
   * query fails, and where it returns more than 10 000 rows.
   */
  query(sql: string): Promise<readonly Readonly<Record<string, string | null>>[]>;
}

/** Returns the rows that break a law; none: it holds. Called with nothing but the database, it must give the same answer for the same rows. */
export type InvariantCheck = (
  db: ReadOnlyDatabase,
) => Promise<readonly Readonly<Record<string, unknown>>[]> | readonly Readonly<Record<string, unknown>>[];
