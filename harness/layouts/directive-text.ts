/**
 * Reading the text of a directive: words, names quoted as in SQL, and the word `because` outside of quotes.
 */

export interface Word {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** The next run of non-blanks from `from` on; empty at the end of the text. */
export function readWord(text: string, from: number): Word {
  const start = from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
  const word = /^\S*/.exec(text.slice(start))?.[0] ?? '';
  return { word, start, end: start + word.length };
}

const NAME = /"(?:[^"]|"")+"|[^\s".=*]+/y;

export interface ColumnPath {
  /** As written. */
  readonly path: string;
  readonly parts: number;
  readonly end: number;
}

/** Names joined by dots from `from` on, the last of which may be `*`; null if there is none. */
export function readColumnPath(text: string, from: number): ColumnPath | null {
  let at = from;
  let parts = 0;
  for (;;) {
    if (text[at] === '*') return { path: text.slice(from, at + 1), parts: parts + 1, end: at + 1 };
    NAME.lastIndex = at;
    const name = NAME.exec(text)?.[0];
    if (name === undefined) return null;
    at += name.length;
    parts++;
    if (text[at] !== '.') return { path: text.slice(from, at), parts, end: at };
    at++;
  }
}

const QUOTED = /'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$\w*\$)[\s\S]*?\1/y;
const BECAUSE = /because\b/iy;

/** The first `because` outside of quotes, as a word of its own: where it starts and ends; null if there is none. */
export function findBecause(text: string, from: number): { readonly start: number; readonly end: number } | null {
  for (let at = from; at < text.length; at++) {
    QUOTED.lastIndex = at;
    const quoted = QUOTED.exec(text)?.[0];
    if (quoted !== undefined) {
      at += quoted.length - 1;
      continue;
    }
    BECAUSE.lastIndex = at;
    const isWordStart = at === 0 || /[\s)]/.test(text[at - 1] ?? '');
    if (isWordStart && BECAUSE.test(text)) return { start: at, end: at + 'because'.length };
  }
  return null;
}
