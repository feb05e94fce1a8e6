/**
 * The statements of a script as its layout's tool sends it: each chunk is parsed on its own. One file can hold both directions,
 * and what lies between chunks is not SQL to anyone.
 */
import type { Dialect, Statement } from './dialect.ts';
import type { Script } from './migration.ts';

/** The statements of every chunk, with offsets into the script's whole text. Throws `PalindromeError` (`sql-syntax`) with the place in the file. */
export async function splitScript(script: Script, dialect: Pick<Dialect, 'split'>): Promise<readonly Statement[]> {
  const statements: Statement[] = [];
  for (const { offset, text } of script.chunks) {
    statements.push(
      ...(await dialect.split({ file: script.file, text: blankOutside(script.text, offset, text.length) })),
    );
  }
  return statements;
}

/** The text with all but one stretch of it blank, so that places stay what they are. */
function blankOutside(text: string, start: number, length: number): string {
  if (start === 0 && length === text.length) return text;
  return text.slice(0, start).replaceAll(/[^\n]/g, ' ') + text.slice(start, start + length);
}
