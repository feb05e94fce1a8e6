/**
 * Finds where statements end, by the rules of psql's own scanner: quotes, dollar quotes, nested comments,
 * parentheses, `BEGIN ATOMIC` bodies, `COPY … FROM stdin` data and backslash commands. Linear in the text.
 * It accepts anything; whether a piece is SQL is the grammar's question (see `split.ts`).
 */

/** A statement with its place, or a backslash command of psql. */
export type Piece =
  | {
      readonly kind: 'statement';
      /** Without the closing semicolon and surrounding blanks and comments. */
      readonly text: string;
      readonly offset: number;
      /** The first words outside parentheses, upper-case; quoted names are not words. At most 12. */
      readonly words: readonly string[];
      readonly copyData: string | null;
    }
  | { readonly kind: 'backslash'; readonly text: string; readonly offset: number };

const KEPT_WORDS = 12;
const WORD = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const NUMBER = /[0-9][0-9A-Za-z_.]*/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
const COMMENT_MARK = /\/\*|\*\//g;

/** Cuts a script into its pieces, in order. Empty statements are left out. */
export function scanScript(text: string): Piece[] {
  return new Scanner(text).scan();
}

class Scanner {
  private readonly text: string;
  private readonly pieces: Piece[] = [];
  private at = 0;
  private start = -1;
  private end = 0;
  private words: string[] = [];
  private previousWord = '';
  private readsStdin = false;
  private parens = 0;
  private atomicDepth = 0;

  constructor(text: string) {
    this.text = text;
  }

  scan(): Piece[] {
    while (this.at < this.text.length) this.step();
    this.finish();
    return this.pieces;
  }

  private step(): void {
    const { text, at } = this;
    const char = text.charAt(at);
    const next = text.charAt(at + 1);
    if (isBlank(char)) this.at++;
    else if (char === '-' && next === '-') this.at = lineEnd(text, at);
    else if (char === '/' && next === '*') this.at = commentEnd(text, at);
    else if (char === '\\') this.takeBackslash();
    else if (char === ';' && this.parens === 0 && this.atomicDepth === 0) this.takeSemicolon();
    else this.takeToken(char);
  }

  private takeToken(char: string): void {
    const { text, at } = this;
    if (this.start === -1) this.start = at;
    if (char === "'") this.at = quoteEnd(text, at, "'");
    else if (char === '"') this.at = quoteEnd(text, at, '"');
    else if (char === '$') this.at = dollarEnd(text, at);
    else if (isWordStart(char)) this.takeWord();
    else if (isDigit(char)) this.at = matchEnd(NUMBER, text, at);
    else {
      if (char === '(') this.parens++;
      if (char === ')' && this.parens > 0) this.parens--;
      this.at++;
    }
    this.end = this.at;
  }

  private takeWord(): void {
    const { text, at } = this;
    const end = matchEnd(WORD, text, at);
    this.at = end;
    if (end - at === 1 && text.charAt(end) === "'" && /[eE]/.test(text.charAt(at))) {
      this.at = escapedQuoteEnd(text, end);
      return;
    }
    const isParenthesised = this.parens > 0;
    if (isParenthesised && this.words.length > 0) return;
    const word = text.slice(at, end).toUpperCase();
    if (this.words.length < KEPT_WORDS) this.words.push(word);
    if (this.previousWord === 'FROM' && word === 'STDIN') this.readsStdin = true;
    this.previousWord = word;
    this.countAtomicDepth(word);
  }

  /** As psql: within CREATE FUNCTION or PROCEDURE, BEGIN … END and CASE … END nest and hide semicolons. */
  private countAtomicDepth(word: string): void {
    if (word === 'BEGIN' && definesRoutine(this.words)) this.atomicDepth++;
    else if (word === 'CASE' && this.atomicDepth > 0) this.atomicDepth++;
    else if (word === 'END' && this.atomicDepth > 0) this.atomicDepth--;
  }

  private takeSemicolon(): void {
    this.at++;
    const hasData = this.words[0] === 'COPY' && this.readsStdin;
    this.finish(hasData ? this.takeCopyData() : null);
  }

  private takeCopyData(): string {
    const { text } = this;
    const from = Math.min(lineEnd(text, this.at) + 1, text.length);
    for (let line = from; line < text.length; line = lineEnd(text, line) + 1) {
      if (text.startsWith('\\.', line) && /^\\\.\r?$/.test(text.slice(line, lineEnd(text, line)))) {
        this.at = lineEnd(text, line);
        return text.slice(from, line);
      }
    }
    this.at = text.length;
    return text.slice(from);
  }

  private takeBackslash(): void {
    const end = lineEnd(this.text, this.at);
    this.pieces.push({ kind: 'backslash', text: this.text.slice(this.at, end).trimEnd(), offset: this.at });
    this.at = end;
  }

  private finish(copyData: string | null = null): void {
    if (this.start !== -1) {
      const text = this.text.slice(this.start, this.end);
      this.pieces.push({ kind: 'statement', text, offset: this.start, words: this.words, copyData });
    }
    this.start = -1;
    this.words = [];
    this.previousWord = '';
    this.readsStdin = false;
    this.parens = 0;
    this.atomicDepth = 0;
  }
}

function definesRoutine(words: readonly string[]): boolean {
  const [first, second = '', third, fourth = ''] = words;
  return first === 'CREATE' && (isRoutine(second) || (second === 'OR' && third === 'REPLACE' && isRoutine(fourth)));
}

function isRoutine(word: string): boolean {
  return word === 'FUNCTION' || word === 'PROCEDURE';
}

function isBlank(char: string): boolean {
  return (
    char === ' ' ||
    char === '\n' ||
    char === '\t' ||
    char === '\r' ||
    char === '\f' ||
    char === '\v' ||
    char === '\ufeff'
  );
}

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9';
}

function isWordStart(char: string): boolean {
  return (char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z') || char === '_' || char >= '\u0080';
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at + 1;
}

/** The position after a nested comment that opens at `at`. */
function commentEnd(text: string, at: number): number {
  COMMENT_MARK.lastIndex = at;
  let depth = 0;
  for (let mark = COMMENT_MARK.exec(text); mark !== null; mark = COMMENT_MARK.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return COMMENT_MARK.lastIndex;
  }
  return text.length;
}

/** A doubled quote needs no care: it closes one string and opens the next. */
function quoteEnd(text: string, at: number, quote: string): number {
  const end = text.indexOf(quote, at + 1);
  return end === -1 ? text.length : end + 1;
}

function escapedQuoteEnd(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\') at++;
    else if (char === "'" && text.charAt(at + 1) === "'") at++;
    else if (char === "'") return at + 1;
  }
  return text.length;
}

function dollarEnd(text: string, at: number): number {
  DOLLAR_TAG.lastIndex = at;
  const tag = DOLLAR_TAG.exec(text)?.[0];
  if (tag === undefined) return at + 1;
  const end = text.indexOf(tag, at + tag.length);
  return end === -1 ? text.length : end + tag.length;
}
