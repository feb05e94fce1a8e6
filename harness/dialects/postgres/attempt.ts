/**
 * Statements of the harness that may be refused: each attempt in a savepoint of one transaction.
 */
import { DatabaseError } from 'pg';
import type { Client } from 'pg';
import type { Attempt, AttemptResult } from '../../core/dialect.ts';
import { queryText, SET_EXACT_TEXT } from './connection.ts';
import { isSessionLost, toFault } from './faults.ts';

const BEGIN = `BEGIN; ${SET_EXACT_TEXT} SET LOCAL statement_timeout = 30000`;
const MAX_ROWS = 100;

/** Runs the attempts in order. Throws only when the session is lost, or when COMMIT refuses what each attempt accepted. */
export async function runAttempts(client: Client, attempts: readonly Attempt[]): Promise<readonly AttemptResult[]> {
  if (attempts.length === 0) return [];
  await client.query(BEGIN);
  const results: AttemptResult[] = [];
  for (const attempt of attempts) results.push(await runAttempt(client, attempt));
  await client.query('COMMIT');
  return results;
}

async function runAttempt(client: Client, { statements, look, ends }: Attempt): Promise<AttemptResult> {
  const parts = ['SAVEPOINT attempt', ...statements, 'SET CONSTRAINTS ALL IMMEDIATE', ...(look === null ? [] : [look])];
  const end = ends === 'commit' ? 'RELEASE attempt' : 'ROLLBACK TO attempt; RELEASE attempt';
  try {
    const answers = await queryText(client, `${parts.join(';\n')};`);
    await client.query(end);
    return { fault: null, rows: look === null ? [] : (answers.at(-1)?.rows ?? []).slice(0, MAX_ROWS) };
  } catch (error) {
    if (!(error instanceof DatabaseError) || isSessionLost(error)) throw error;
    await client.query('ROLLBACK TO attempt; RELEASE attempt');
    return { fault: toFault(error), rows: [] };
  }
}
