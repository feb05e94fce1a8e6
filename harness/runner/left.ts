/**
 * What a script that failed left behind, told from its statements.
 */
import type { Statement } from '../core/dialect.ts';
import type { Script } from '../core/migration.ts';

/** Statements that change nothing that outlives their session. */
const HARMLESS = new Set([
  'SET',
  'RESET',
  'SHOW',
  'BEGIN',
  'START TRANSACTION',
  'SAVEPOINT',
  'RELEASE',
  'EXPLAIN',
  'DISCARD',
  'LISTEN',
]);
const ENDS = new Set(['COMMIT', 'END']);
const LEAVES_TRACES = /\bconcurrently\b/i;

/**
 * Whether anything of a script was committed before its statement `failed` (from 1; null: unknown). What commits alone counts as committed, and
 * a statement that cannot be in a transaction (an index built concurrently) may leave something even where it fails itself.
 */
export function leftBehind(
  script: Script,
  statements: readonly Statement[],
  failed: number | null,
): 'nothing' | 'half' {
  if (failed === null)
    return script.transaction === 'autocommit' && statements.length > 1 ? 'half' : leftByUnknown(statements);
  let isInside = script.transaction !== 'autocommit';
  let pending = 0;
  for (const { command, text } of statements.slice(0, failed - 1)) {
    if (ENDS.has(command)) {
      if (pending > 0) return 'half';
      isInside = false;
    } else if (/^(rollback|abort)\b(?!\s+((work|transaction)\s+)?to\b)/i.test(text)) {
      pending = 0;
      isInside = false;
    } else if (command === 'BEGIN' || command === 'START TRANSACTION') isInside = true;
    else if (!HARMLESS.has(command) && !(command === 'SELECT' && isPlainRead(text))) {
      if (!isInside) return 'half';
      pending++;
    }
  }
  return LEAVES_TRACES.test(statements[failed - 1]?.text ?? '') ? 'half' : 'nothing';
}

function leftByUnknown(statements: readonly Statement[]): 'nothing' | 'half' {
  return statements.some(({ command }) => ENDS.has(command)) ? 'half' : 'nothing';
}

/** A SELECT without a call: whatever a function does is not seen. */
function isPlainRead(text: string): boolean {
  return !/\(/.test(text) && !/\binto\b/i.test(text);
}
