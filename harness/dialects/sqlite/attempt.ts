/**
 * Statements of the harness that may be refused: each attempt in a transaction of its own.
 */
import type { Attempt, AttemptResult } from '../../core/dialect.ts';
import { faultOf } from './faults.ts';
import type { Connection } from './home.ts';
import { runQuery } from './query.ts';

const MAX_ROWS = 100;

/** Runs the attempts in order. */
export function runAttempts(connection: Connection, attempts: readonly Attempt[]): readonly AttemptResult[] {
  return attempts.map((attempt) => runAttempt(connection, attempt));
}

function runAttempt(connection: Connection, { statements, look, ends }: Attempt): AttemptResult {
  let current = 'BEGIN';
  try {
    connection.exec(current);
    for (current of statements) connection.exec(current);
    // A trigger may have rolled the transaction back: then there is nothing to look at, and nothing to end.
    if (!connection.inTransaction) return { fault: null, rows: [] };
    const seen = look === null ? null : runQuery(connection, look, MAX_ROWS);
    if (seen?.status === 'failed') return { fault: seen.fault, rows: [] };
    current = ends === 'commit' ? 'COMMIT' : 'ROLLBACK';
    connection.exec(current);
    return { fault: null, rows: seen?.rows ?? [] };
  } catch (error) {
    return { fault: faultOf(connection, current, error), rows: [] };
  } finally {
    if (connection.inTransaction) connection.exec('ROLLBACK');
  }
}
