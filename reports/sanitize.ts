/**
 * Makes text from databases and scripts safe to print: generated values hold escape sequences, line breaks and marks that
 * reverse the reading direction, and none of them may act on the reader's terminal or hide what a value is.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu;

const NAMED: Readonly<Record<string, string>> = { '\n': String.raw`\n`, '\r': String.raw`\r`, '\t': String.raw`\t` };

/** The text with every control, formatting, unassigned or lone surrogate character spelt out as an escape. One line in, one line out. */
export function sanitize(text: string): string {
  return text.replaceAll(UNSAFE, (char) => NAMED[char] ?? spell(char));
}

/** As `sanitize`, but keeps line breaks and turns tabs into two blanks: for SQL and messages of several lines. */
export function sanitizeLines(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/u).map((line) => sanitize(line.replaceAll('\t', '  ')));
}

function spell(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
