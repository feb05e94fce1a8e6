/**
 * Makes text from databases and scripts safe to print: generated values hold escape sequences, line breaks and marks that
 * reverse the reading direction, and none of them may act on the reader's terminal or hide what a value is.
 */
import { sanitize } from '../harness/core/text.ts';

export { sanitize };

/** As `sanitize`, but keeps line breaks and turns tabs into two blanks: for SQL and messages of several lines. */
export function sanitizeLines(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/u).map((line) => sanitize(line.replaceAll('\t', '  ')));
}
