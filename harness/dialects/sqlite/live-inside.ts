/**
 * Whether a script can commit together with the ledger.
 */
import type { Statement } from '../../core/dialect.ts';
import type { Script } from '../../core/migration.ts';

const CONTROL = new Set(['BEGIN', 'COMMIT', 'ROLLBACK']);

/** Whether a script runs in one transaction of its tool's making, which nothing in it ends. */
export function canCommitWithLedger(script: Script, statements: readonly Statement[]): boolean {
  return (
    script.transaction === 'wrapped' &&
    !statements.some(({ command, text }) => CONTROL.has(command) && !/^rollback\s+(transaction\s+)?to\b/i.test(text))
  );
}
