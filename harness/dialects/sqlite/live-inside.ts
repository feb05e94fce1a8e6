/**
 * Whether a script can commit together with the ledger.
 */
import type { Script } from '../../core/migration.ts';
import { splitScript } from './split.ts';

const CONTROL = new Set(['BEGIN', 'COMMIT', 'ROLLBACK']);

/** Whether a script runs in one transaction of its tool's making, which nothing in it ends. */
export function canCommitWithLedger(script: Script): boolean {
  // Its chunks, not its file, which may hold the other direction as well.
  const statements = script.chunks.flatMap(({ text }) => splitScript({ file: script.file, text }));
  return (
    script.transaction === 'wrapped' &&
    !statements.some(({ command, text }) => CONTROL.has(command) && !/^rollback\s+(transaction\s+)?to\b/i.test(text))
  );
}
