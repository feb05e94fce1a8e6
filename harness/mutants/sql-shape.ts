/** Finding one's way in tokens: parentheses, lists, column definitions, conditions. Ranges are positions in a list of tokens. */
import type { SqlToken } from '../core/sql-token.ts';
import type { ParsedStatement } from './operator.ts';

export type Tokens = readonly SqlToken[];

/** From the first token to behind the last. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Whether the token is one of these bare words, given in upper case. */
export function isWord(token: SqlToken | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(token.value);
}

/** Whether the token is this mark. */
export function isMark(token: SqlToken | undefined, ...marks: readonly string[]): boolean {
  return token?.kind === 'operator' && marks.includes(token.value);
}

/** Whether these words stand at a position, one after the other. */
export function hasWords(tokens: Tokens, at: number, ...words: readonly string[]): boolean {
  return words.every((word, index) => isWord(tokens[at + index], word));
}

/** The position behind the parenthesis that closes the one at `open`. */
export function closeOf(tokens: Tokens, open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (isMark(tokens[at], '(')) depth++;
    else if (isMark(tokens[at], ')') && --depth === 0) return at + 1;
  }
  return tokens.length;
}

/** The first position from `from` on, outside parentheses that open after it, where `stops` says so or its parenthesis closes. */
export function scanTo(tokens: Tokens, from: number, stops: (at: number) => boolean, limit = tokens.length): number {
  for (let at = from; at < limit; at++) {
    if (isMark(tokens[at], ')') || stops(at)) return at;
    if (isMark(tokens[at], '(')) at = closeOf(tokens, at) - 1;
  }
  return limit;
}

/** The items between commas of a range. */
export function itemsOf(tokens: Tokens, { from, to }: Range): Range[] {
  const items: Range[] = [];
  for (let at = from; at < to;) {
    const end = scanTo(tokens, at, (position) => isMark(tokens[position], ','), to);
    if (end > at) items.push({ from: at, to: end });
    at = end + 1;
  }
  return items;
}

/** Where a range is in the text. */
export function spanOf(tokens: Tokens, { from, to }: Range): { start: number; end: number } {
  return { start: tokens[from]?.start ?? 0, end: tokens[to - 1]?.end ?? 0 };
}

/** The written text of a token: a name as written, a word as in the script. */
export function written(text: string, token: SqlToken | undefined): string {
  return token === undefined ? '' : text.slice(token.start, token.end);
}

const TABLE_CONSTRAINT = ['CONSTRAINT', 'CHECK', 'UNIQUE', 'PRIMARY', 'FOREIGN', 'EXCLUDE'];

/** A part of `CREATE TABLE (…)` or of `ALTER TABLE …`. */
export interface TablePart {
  readonly kind: 'column' | 'constraint' | 'action';
  /** Its tokens, `ADD COLUMN` aside. */
  readonly range: Range;
  /** With what stands before it in its list. */
  readonly whole: Range;
  /** All parts of its list. */
  readonly siblings: readonly Range[];
}

/** Column definitions, table constraints, and other actions of a statement. */
export function tableParts({ command, tokens }: ParsedStatement): readonly TablePart[] {
  if (command === 'CREATE TABLE') {
    const open = tokens.findIndex((token) => isMark(token, '('));
    if (open === -1) return [];
    const siblings = itemsOf(tokens, { from: open + 1, to: closeOf(tokens, open) - 1 });
    return siblings.map((range) => ({
      kind: isWord(tokens[range.from], ...TABLE_CONSTRAINT) ? 'constraint' : 'column',
      range,
      whole: range,
      siblings,
    }));
  }
  if (command !== 'ALTER TABLE') return [];
  const siblings = itemsOf(tokens, { from: afterTableName(tokens), to: tokens.length });
  return siblings.map((whole) => {
    if (!isWord(tokens[whole.from], 'ADD')) return { kind: 'action', range: whole, whole, siblings };
    let from = whole.from + 1;
    if (isWord(tokens[from], ...TABLE_CONSTRAINT))
      return { kind: 'constraint', range: { ...whole, from }, whole, siblings };
    if (isWord(tokens[from], 'COLUMN')) from++;
    if (hasWords(tokens, from, 'IF', 'NOT', 'EXISTS')) from += 3;
    return { kind: 'column', range: { ...whole, from }, whole, siblings };
  });
}

function afterTableName(tokens: Tokens): number {
  let at = 2;
  if (hasWords(tokens, at, 'IF', 'EXISTS')) at += 2;
  if (isWord(tokens[at], 'ONLY')) at++;
  at++;
  while (isMark(tokens[at], '.')) at += 2;
  return at;
}

/** Takes one item of a list out, with the comma that it no longer needs. */
export function itemSpan(
  tokens: Tokens,
  item: Range,
  siblings: readonly Range[],
): { start: number; end: number } | null {
  if (siblings.length < 2) return null;
  const index = siblings.findIndex(({ from }) => from === item.from);
  const { start, end } = spanOf(tokens, item);
  if (index < siblings.length - 1) return { start, end: tokens[item.to]?.end ?? end };
  const comma = tokens[item.from - 1];
  return { start: comma?.start ?? start, end };
}

const AFTER_WHERE = [
  'GROUP',
  'ORDER',
  'HAVING',
  'LIMIT',
  'OFFSET',
  'FETCH',
  'RETURNING',
  'UNION',
  'INTERSECT',
  'EXCEPT',
  'WINDOW',
  'FOR',
  'ON',
  'LOOP',
  'THEN',
];
const AFTER_ON = [...AFTER_WHERE, 'WHERE', 'JOIN', 'LEFT', 'RIGHT', 'FULL', 'INNER', 'CROSS', 'NATURAL', 'WHEN', 'SET'];

/** A condition with the word that opens it. */
export interface Condition extends Range {
  readonly opener: 'WHERE' | 'ON' | 'HAVING' | 'CHECK' | 'WHEN';
  /** The position of that word. */
  readonly at: number;
}

/** All conditions in tokens, those inside others included. */
export function conditionsIn(tokens: Tokens): readonly Condition[] {
  return tokens.flatMap((token, at): Condition[] => {
    const ends = (words: readonly string[]) =>
      scanTo(tokens, at + 1, (position) => isMark(tokens[position], ';') || isWord(tokens[position], ...words));
    if (isWord(token, 'WHERE', 'HAVING')) {
      const opener = token.value === 'WHERE' ? 'WHERE' : 'HAVING';
      return [{ opener, at, from: at + 1, to: ends(AFTER_WHERE) }];
    }
    if (isWord(token, 'WHEN') && !isWord(tokens[at - 1], 'INSTEAD'))
      return [{ opener: 'WHEN', at, from: at + 1, to: ends(['THEN']) }];
    if (isWord(token, 'CHECK') && isMark(tokens[at + 1], '('))
      return [{ opener: 'CHECK', at, from: at + 2, to: closeOf(tokens, at + 1) - 1 }];
    if (isWord(token, 'ON') && joinsBefore(tokens, at)) return [{ opener: 'ON', at, from: at + 1, to: ends(AFTER_ON) }];
    return [];
  });
}

/** Whether an ON belongs to a join, and not to an index, a constraint or a conflict. */
function joinsBefore(tokens: Tokens, at: number): boolean {
  if (isWord(tokens[at + 1], 'DELETE', 'UPDATE', 'CONFLICT')) return false;
  let depth = 0;
  for (let before = at - 1; before >= 0; before--) {
    const token = tokens[before];
    if (isMark(token, ')')) depth++;
    else if (isMark(token, '(') && --depth < 0) return false;
    else if (depth === 0 && isWord(token, 'JOIN', 'MERGE')) return true;
    else if (depth === 0 && (isMark(token, ';') || isWord(token, 'ON', 'SELECT', 'WHERE'))) return false;
  }
  return false;
}

/** The parts that a condition's outer ANDs join; one where there is none, or where an outer OR stands beside them. */
export function conjunctsOf(tokens: Tokens, { from, to }: Range): readonly Range[] {
  const parts: Range[] = [];
  let start = from;
  let isBetween = false;
  let cases = 0;
  for (let at = from; at < to; at++) {
    const token = tokens[at];
    if (isMark(token, '(')) at = closeOf(tokens, at) - 1;
    else if (isWord(token, 'CASE')) cases++;
    else if (isWord(token, 'END')) cases--;
    else if (cases > 0) continue;
    else if (isWord(token, 'BETWEEN')) isBetween = true;
    else if (isWord(token, 'OR')) return [{ from, to }];
    else if (isWord(token, 'AND')) {
      if (!isBetween) {
        parts.push({ from: start, to: at });
        start = at + 1;
      }
      isBetween = false;
    }
  }
  parts.push({ from: start, to });
  return parts;
}
