/** Text of other people inside of Markdown, so that none of it is taken for Markdown, for HTML, or for the name of somebody to notify. */
import { sanitize, sanitizeLines } from './sanitize.ts';

/** Punctuation that may begin something, in the middle of a line or at its start. What is left is read as it is everywhere. */
const MEANT = /[!"#$%&'*+:<=>@[\\\]^_`{|}~.]|(?<!\w)-|-(?!\w)|(?<=^\s*\d+)\)/gu;

/**
 * Prose: punctuation that Markdown could take for its own as character references, which CommonMark takes as these characters and nothing
 * else. An `@` is followed by an empty comment, so that no name after it is notified.
 */
export function proseText(text: string): string {
  return sanitize(text).replaceAll(MEANT, (char) => `&#${char.charCodeAt(0)};${char === '@' ? '<!-- -->' : ''}`);
}

/** A name or a value in one line, as code. Good inside of a table as well. */
export function codeText(text: string): string {
  const shown = sanitize(text).replaceAll(/[^\p{L}\p{N} ]/gu, (char) => `&#${char.codePointAt(0)};`);
  return shown === '' ? '' : `<code>${shown}</code>`;
}

/** Several lines as a block of code, in a fence that nothing in it can close. */
export function codeBlock(lines: readonly string[], language = ''): readonly string[] {
  const text = lines.flatMap((line) => sanitizeLines(line));
  const longest = Math.max(0, ...text.flatMap((line) => line.match(/`+/gu) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return [`${fence}${language}`, ...text, fence];
}

/** A table of cells that are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}
