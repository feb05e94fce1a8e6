/**
 * Runs a script up to a point, in the process that is about to be killed there.
 */
import type { StopPoint } from '../../core/interruption.ts';
import type { ScriptOutcome } from '../../core/trace.ts';
import { copyOpenFiles } from './files.ts';
import { refTo, runStatement } from './execute.ts';
import type { ScriptPlan } from './execute.ts';
import type { Connection } from './home.ts';

/** So few that a transaction of any size writes to the file before its commit, and its journal has to undo it. */
const PAGES_IN_MEMORY = 5;

type Failure = Exclude<ScriptOutcome, { status: 'completed' }>;

/** Runs what comes before the point and leaves everything open. Null: the point is reached; else how the script failed before it. */
export function runUntil(
  connection: Connection,
  plan: ScriptPlan,
  { after, storage }: StopPoint,
  mark: (statement: number) => void,
): Failure | null {
  connection.exec(`PRAGMA journal_mode = ${storage === 'rollback-journal' ? 'DELETE' : 'WAL'}`);
  connection.exec(`PRAGMA cache_size = ${PAGES_IN_MEMORY}; PRAGMA wal_autocheckpoint = 0`);
  const isWrapped = plan.script.transaction === 'wrapped';
  if (isWrapped) connection.exec('BEGIN');
  for (const [index, { text }] of plan.statements.slice(0, after).entries()) {
    mark(index + 1);
    const fault = runStatement(connection, text);
    if (fault === null) continue;
    if (connection.inTransaction) connection.exec('ROLLBACK');
    return { status: 'failed', fault, at: refTo(plan, index), durationMs: 0 };
  }
  mark(0);
  if (isWrapped && after > plan.statements.length) connection.exec('COMMIT');
  if (storage === 'copy-in-the-middle') copyOpenFiles(connection.name);
  return null;
}
