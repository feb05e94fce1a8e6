/**
 * SQL text in a form in which only meaning differs: one blank between tokens where one is needed, no comments, reserved words in upper
 * case, names in lower case and quoted only where they must be. SQLite compares names without regard to (ASCII) case.
 */
import { isKeyword, isReserved, quoteIdentifier } from './quote.ts';
import { isMark } from './tokens.ts';
import type { Token } from './tokens.ts';

/** The normal form of tokens. */
export function normaliseTokens(tokens: readonly Token[]): string {
  let text = '';
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1];
    text += (before === undefined || !needsBlank(before, token) ? '' : ' ') + normaliseToken(token);
  }
  return text;
}

/** As `normaliseTokens`, without parentheses around the whole: `DEFAULT (0)` is `DEFAULT 0`. */
export function normaliseExpression(tokens: readonly Token[]): string {
  let inner = tokens;
  while (isWrapped(inner)) inner = inner.slice(1, -1);
  return normaliseTokens(inner);
}

/** Lower case for ASCII letters alone, as SQLite folds names. */
export function foldName(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function normaliseToken(token: Token): string {
  switch (token.kind) {
    case 'word':
      // A word that can be a name looks like one, so that it equals its quoted self.
      return isReserved(token.text) ? token.value : foldName(token.text);
    case 'name':
      return quoteIdentifier(foldName(token.value));
    case 'blob':
    case 'number':
      return token.text.toUpperCase();
    default:
      return token.text;
  }
}

function needsBlank(before: Token, token: Token): boolean {
  if (isMark(token, ',') || isMark(token, ')') || isMark(token, ';') || isMark(token, '.')) return false;
  if (isMark(before, '(') || isMark(before, '.')) return false;
  return !(isMark(token, '(') && (before.kind === 'word' || before.kind === 'name') && !isKeyword(before.text));
}

function isWrapped(tokens: readonly Token[]): boolean {
  if (tokens.length < 3 || !isMark(tokens[0], '(')) return false;
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (isMark(token, '(')) depth++;
    else if (isMark(token, ')') && --depth === 0) return index === tokens.length - 1;
  }
  return false;
}
