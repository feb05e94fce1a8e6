/**
 * SQLite's tokens, by the rules of its own `tokenize.c`, with two differences: blanks and comments are left out,
 * and nothing is ever refused, because the database itself is the judge of what is SQL. A string, name or comment
 * that never ends is marked, for the caller to report.
 */
import type { SqlToken } from '../../core/sql-token.ts';

export interface Token {
  /** `word`: a bare name or keyword. `name`: a quoted one. `operator`: everything else, one token for each mark. */
  readonly kind: 'word' | 'name' | 'string' | 'blob' | 'number' | 'variable' | 'operator' | 'comment';
  /** As written. */
  readonly text: string;
  /** A name without its quotes; a bare word in upper case; otherwise the text. */
  readonly value: string;
  /** In UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  readonly isUnterminated: boolean;
}

const BLANK = /[ \t\n\f\r\uFEFF]/;
const WORD_START = /[A-Za-z_\u0080-\uFFFF]/;
const WORD = /[A-Za-z0-9_$\u0080-\uFFFF]/;
const LONG_OPERATOR = /->>|\|\||<<|>>|<=|>=|<>|==|!=|->/y;
const NUMBER = /0[xX][0-9a-fA-F_]+|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?/y;
const VARIABLE = /\?[0-9]*|[:@#$][A-Za-z0-9_$\u0080-\uFFFF]+/y;

/** All tokens of `sql`. Only a comment that never ends is given as a token; the others are left out. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    const char = sql.charAt(at);
    if (BLANK.test(char)) {
      at++;
      continue;
    }
    if (char === '-' && sql[at + 1] === '-') {
      const lineEnd = sql.indexOf('\n', at);
      at = lineEnd === -1 ? sql.length : lineEnd + 1;
      continue;
    }
    if (char === '/' && sql[at + 1] === '*') {
      const close = sql.indexOf('*/', at + 2);
      if (close !== -1) {
        at = close + 2;
        continue;
      }
    }
    const token = readToken(sql, at, char);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function readToken(sql: string, start: number, char: string): Token {
  if (char === '/' && sql[start + 1] === '*') return make('comment', sql, start, sql.length, true);
  if (char === "'") return readQuoted('string', sql, start, "'");
  if (char === '"' || char === '`') return readQuoted('name', sql, start, char);
  if (char === '[') return readBracketed(sql, start);
  if ((char === 'x' || char === 'X') && sql[start + 1] === "'") {
    const close = sql.indexOf("'", start + 2);
    return make('blob', sql, start, close === -1 ? sql.length : close + 1, close === -1);
  }
  if (WORD_START.test(char)) {
    let end = start + 1;
    while (end < sql.length && WORD.test(sql.charAt(end))) end++;
    return make('word', sql, start, end, false);
  }
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = start;
    const length = pattern.exec(sql)?.[0].length ?? 0;
    if (length > 0) return make(kind, sql, start, start + length, false);
  }
  return make('operator', sql, start, start + 1, false);
}

const PATTERNS = [
  ['number', NUMBER],
  ['variable', VARIABLE],
  ['operator', LONG_OPERATOR],
] as const;

function readQuoted(kind: 'string' | 'name', sql: string, start: number, quote: string): Token {
  let at = start + 1;
  for (;;) {
    const close = sql.indexOf(quote, at);
    if (close === -1) return make(kind, sql, start, sql.length, true);
    if (sql[close + 1] !== quote) return make(kind, sql, start, close + 1, false);
    at = close + 2;
  }
}

function readBracketed(sql: string, start: number): Token {
  const close = sql.indexOf(']', start);
  return make('name', sql, start, close === -1 ? sql.length : close + 1, close === -1);
}

function make(kind: Token['kind'], sql: string, start: number, end: number, isUnterminated: boolean): Token {
  const text = sql.slice(start, end);
  return { kind, text, value: valueOf(kind, text), start, end, isUnterminated };
}

function valueOf(kind: Token['kind'], text: string): string {
  if (kind === 'word') return text.toUpperCase();
  if (kind !== 'name') return text;
  const quote = text.charAt(0);
  const inner = text.slice(1, -1);
  return quote === '[' ? inner : inner.replaceAll(quote + quote, quote);
}

/** Whether the token is this bare word; `word` in upper case. A quoted name is never a keyword. */
export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(token.value);
}

/** Whether the token is this mark. */
export function isMark(token: Token | undefined, mark: string): boolean {
  return token?.kind === 'operator' && token.text === mark;
}

/** The name that a token spells, as the database would store it: bare words as written, strings where SQLite takes them for names. */
export function nameOf(token: Token): string {
  if (token.kind === 'word') return token.text;
  return token.kind === 'string' ? token.text.slice(1, -1).replaceAll("''", "'") : token.value;
}

/** The index after the parenthesis that closes the one at `open`; the end of `tokens` where it never closes. */
export function skipParentheses(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (isMark(tokens[at], '(')) depth++;
    else if (isMark(tokens[at], ')') && --depth === 0) return at + 1;
  }
  return tokens.length;
}

/** The tokens of one statement in the form of the core. */
export function sqlTokens(text: string): SqlToken[] {
  return tokenize(text).map(({ kind, text: written, value, start, end }) => {
    const shared = kind === 'blob' || kind === 'variable' || kind === 'comment' ? 'other' : kind;
    return { kind: shared, value: kind === 'word' ? value : written, start, end };
  });
}
