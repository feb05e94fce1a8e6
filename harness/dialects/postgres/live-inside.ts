/**
 * Whether a script can commit together with the ledger.
 */
import type { Statement } from '../../core/dialect.ts';
import type { Script } from '../../core/migration.ts';

/** Statements that end, or begin, a transaction. */
const CONTROL = new Set(['BEGIN', 'START TRANSACTION', 'COMMIT', 'END', 'ROLLBACK', 'ABORT', 'PREPARE TRANSACTION']);
/** Statements that are refused inside a transaction, or may commit by themselves. */
const ALONE =
  /^(VACUUM|CLUSTER|REINDEX|CALL|DO|(CREATE|DROP) (DATABASE|TABLESPACE|SUBSCRIPTION)|ALTER (SYSTEM|DATABASE|SUBSCRIPTION))$/;
const CONCURRENTLY =
  /^\s*(create\s+(unique\s+)?index|drop\s+index|alter\s+table[^;]*detach\s+partition|refresh)\b[^;]*\bconcurrently\b/i;

/** Whether a script runs in one transaction of its tool's making, with nothing in it that ends that transaction or must stand outside of one. */
export function canCommitWithLedger(script: Script, statements: readonly Statement[]): boolean {
  if (script.transaction === 'autocommit') return false;
  if (script.transaction === 'implicit' && script.chunks.length !== 1) return false;
  if (statements.some((statement) => isControl(statement) && !returnsToSavepoint(statement))) return false;
  // What must stand alone fails in a transaction, as it would with the tool; only a statement that is the whole query may stand there.
  return script.transaction === 'wrapped' || statements.length !== 1 || !statements.some(mustStandAlone);
}

function isControl({ command }: Statement): boolean {
  return CONTROL.has(command);
}

function returnsToSavepoint({ text }: Statement): boolean {
  return /^rollback\s+((work|transaction)\s+)?to\b/i.test(text);
}

function mustStandAlone({ command, text }: Statement): boolean {
  return ALONE.test(command) || CONCURRENTLY.test(text);
}
