/** LIKE, GLOB and PostgreSQL's regular expressions as JavaScript's, for judging texts and for proposing them. */
import type { MatchKind } from './expression.ts';

/** The same pattern as a regular expression; null where JavaScript has no equal. */
export function patternToRegExp(how: MatchKind, pattern: string): RegExp | null {
  switch (how) {
    case 'like':
      return new RegExp(`^${likeSource(pattern)}$`, 'su');
    case 'ilike':
      return new RegExp(`^${likeSource(pattern)}$`, 'isu');
    case 'glob':
      return new RegExp(`^${globSource(pattern)}$`, 'su');
    default:
      return compileRegex(pattern, how === 'iregex');
  }
}

function escapeLiteral(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}

function likeSource(pattern: string): string {
  let source = '';
  const characters = Array.from(pattern);
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? '';
    if (character === '%') source += '.*';
    else if (character === '_') source += '.';
    else if (character === '\\') source += escapeLiteral(characters[++at] ?? '\\');
    else source += escapeLiteral(character);
  }
  return source;
}

function globSource(pattern: string): string {
  let source = '';
  for (const [token] of pattern.matchAll(/\[[^\]]*\]|./gsu)) {
    if (token === '*') source += '.*';
    else if (token === '?') source += '.';
    else if (token.length > 1) source += token.replace('[^', '[^').replaceAll('\\', '\\\\');
    else source += escapeLiteral(token);
  }
  return source;
}

const CLASSES: Readonly<Record<string, string>> = {
  '[:alpha:]': 'a-zA-Z', '[:digit:]': '0-9', '[:alnum:]': 'a-zA-Z0-9', '[:space:]': '\\s', '[:upper:]': 'A-Z', '[:lower:]': 'a-z', '[:xdigit:]': '0-9a-fA-F',
  '[:punct:]': '!-\\/:-@\\[-`{-~', '[:word:]': '\\w',
}; // prettier-ignore

function compileRegex(pattern: string, ignoreCase: boolean): RegExp | null {
  // Embedded options and word-boundary constraints of PostgreSQL have no equal.
  if (/^\(\?[a-z]+\)|^\*\*\*|\\[mMyYAZ]|\[\[[:.=<>]/.test(pattern.replaceAll(/\[:[a-z]+:\]/g, ''))) return null;
  const source = pattern.replaceAll(/\[:[a-z]+:\]/g, (name) => CLASSES[name] ?? '');
  try {
    return new RegExp(source, ignoreCase ? 'is' : 's');
  } catch {
    return null;
  }
}
