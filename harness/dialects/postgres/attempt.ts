/**
 * Statements of the harness that may be refused: each attempt in a savepoint of one transaction, and a single one in a transaction of its own.
 */
import { DatabaseError } from 'pg';
import type { Client } from 'pg';
import type { Attempt, AttemptResult } from '../../core/dialect.ts';
import { queryText, SET_EXACT_TEXT } from './connection.ts';
import { isSessionLost, toFault } from './faults.ts';

const BEGIN = `BEGIN; ${SET_EXACT_TEXT} SET LOCAL statement_timeout = 30000`;
const MAX_ROWS = 100;

/** Runs the attempts in order. Throws only when the session is lost, or when COMMIT refuses what each of several attempts accepted. */
export async function runAttempts(client: Client, attempts: readonly Attempt[]): Promise<readonly AttemptResult[]> {
  const [only] = attempts;
  if (only === undefined) return [];
  if (attempts.length === 1 && only.ends === 'commit') return [await runAlone(client, only)];
  await client.query(BEGIN);
  const results: AttemptResult[] = [];
  for (const attempt of attempts) results.push(await runAttempt(client, attempt));
  await client.query('COMMIT');
  return results;
}

/** One attempt is a transaction by itself, and one round trip. */
async function runAlone(client: Client, { statements, look }: Attempt): Promise<AttemptResult> {
  const asked = look === null ? [] : [look];
  const parts = [BEGIN, ...statements, 'SET CONSTRAINTS ALL IMMEDIATE', ...asked, 'COMMIT'];
  try {
    const answers = await queryText(client, parts.join(';\n'));
    return { fault: null, rows: look === null ? [] : (answers.at(-2)?.rows ?? []).slice(0, MAX_ROWS) };
  } catch (error) {
    if (!(error instanceof DatabaseError) || isSessionLost(error)) throw error;
    await client.query('ROLLBACK');
    return { fault: toFault(error), rows: [] };
  }
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
