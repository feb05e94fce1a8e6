/**
 * Reads the text of a CREATE TABLE as SQLite keeps it, for what no pragma tells: checks, collations, conflict clauses, names
 * of constraints, expressions of generated columns, AUTOINCREMENT. The text is known to be valid, so nothing is refused here.
 */
import { isMark, isWord, nameOf, skipParentheses, tokenize } from './tokens.ts';
import type { Token } from './tokens.ts';

export type ConstraintKind =
  | 'primary key'
  | 'unique'
  | 'check'
  | 'foreign key'
  | 'not null'
  | 'null'
  | 'default'
  | 'collate'
  | 'generated';

export interface ParsedConstraint {
  readonly kind: ConstraintKind;
  /** The name given by CONSTRAINT; null: none. */
  readonly name: string | null;
  /** The tokens after the keywords: an expression in parentheses, a column list, a literal, a collation's name. */
  readonly body: readonly Token[];
  /** What ON CONFLICT says, upper-case; null: nothing. */
  readonly onConflict: string | null;
  readonly isAutoincrement: boolean;
  /** For a column's own primary key: DESC was written. */
  readonly isDescending: boolean;
}

interface ParsedColumn {
  readonly name: string;
  readonly constraints: readonly ParsedConstraint[];
}

export interface ParsedTable {
  readonly name: string;
  readonly columns: readonly ParsedColumn[];
  readonly constraints: readonly ParsedConstraint[];
}

/** Reads a CREATE TABLE; null where the text is not one with a column list (a virtual table, CREATE TABLE AS before it ran). */
export function parseCreateTable(sql: string): ParsedTable | null {
  const tokens = tokenize(sql);
  let at = tokens.findIndex((token) => isWord(token, 'TABLE')) + 1;
  if (at === 0 || at > 3 || isWord(tokens[1], 'VIRTUAL')) return null;
  if (isWord(tokens[at], 'IF')) at += 3;
  if (isMark(tokens[at + 1], '.')) at += 2;
  const nameToken = tokens[at];
  if (nameToken === undefined || !isMark(tokens[at + 1], '(')) return null;
  const body = tokens.slice(at + 2, skipParentheses(tokens, at + 1) - 1);
  const columns: ParsedColumn[] = [];
  const constraints: ParsedConstraint[] = [];
  for (const definition of splitByComma(body)) {
    const first = definition[0];
    if (first === undefined) continue;
    if (isWord(first, 'CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN'))
      constraints.push(...readConstraints(definition));
    else columns.push({ name: nameOf(first), constraints: readConstraints(definition.slice(1)) });
  }
  return { name: nameOf(nameToken), columns, constraints };
}

/** Splits tokens at the commas outside parentheses. */
function splitByComma(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isMark(token, '(')) depth++;
    else if (isMark(token, ')')) depth--;
    if (depth === 0 && isMark(token, ',')) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

const STARTS = [
  'CONSTRAINT',
  'PRIMARY',
  'UNIQUE',
  'CHECK',
  'FOREIGN',
  'NOT',
  'NULL',
  'DEFAULT',
  'COLLATE',
  'REFERENCES',
  'GENERATED',
  'AS',
];

/** Constraints that stand one after the other, with or without names; a column's type before them is passed over. */
function readConstraints(tokens: readonly Token[]): ParsedConstraint[] {
  const found: ParsedConstraint[] = [];
  let name: string | null = null;
  let at = 0;
  while (at < tokens.length) {
    const token = tokens[at];
    if (isWord(token, 'CONSTRAINT')) {
      const named = tokens[at + 1];
      name = named === undefined ? null : nameOf(named);
      at += 2;
      continue;
    }
    const kind = kindAt(tokens, at);
    if (kind === null) {
      at = isMark(token, '(') ? skipParentheses(tokens, at) : at + 1;
      continue;
    }
    const bodyStart = at + kind.keywords;
    const end = endOfConstraint(tokens, bodyStart, kind.kind);
    found.push(toConstraint(kind.kind, name, tokens.slice(bodyStart, end)));
    name = null;
    at = end;
  }
  return found;
}

function kindAt(
  tokens: readonly Token[],
  at: number,
): { readonly kind: ConstraintKind; readonly keywords: number } | null {
  const token = tokens[at];
  if (isWord(token, 'PRIMARY')) return { kind: 'primary key', keywords: 2 };
  if (isWord(token, 'UNIQUE')) return { kind: 'unique', keywords: 1 };
  if (isWord(token, 'CHECK')) return { kind: 'check', keywords: 1 };
  if (isWord(token, 'FOREIGN')) return { kind: 'foreign key', keywords: 2 };
  if (isWord(token, 'REFERENCES')) return { kind: 'foreign key', keywords: 0 };
  if (isWord(token, 'NOT') && isWord(tokens[at + 1], 'NULL')) return { kind: 'not null', keywords: 2 };
  if (isWord(token, 'NULL')) return { kind: 'null', keywords: 1 };
  if (isWord(token, 'DEFAULT')) return { kind: 'default', keywords: 1 };
  if (isWord(token, 'COLLATE')) return { kind: 'collate', keywords: 1 };
  if (isWord(token, 'GENERATED')) return { kind: 'generated', keywords: 3 };
  return isWord(token, 'AS') ? { kind: 'generated', keywords: 1 } : null;
}

function endOfConstraint(tokens: readonly Token[], start: number, kind: ConstraintKind): number {
  let at = start;
  if (kind === 'check' || kind === 'generated' || kind === 'unique')
    at = isMark(tokens[at], '(') ? skipParentheses(tokens, at) : at;
  else if (kind === 'default') at = endOfDefault(tokens, at);
  else if (kind === 'collate') at++;
  for (; at < tokens.length; at = isMark(tokens[at], '(') ? skipParentheses(tokens, at) : at + 1) {
    const token = tokens[at];
    if (!isWord(token, ...STARTS)) continue;
    // Words of the foreign key's own clauses: SET NULL, SET DEFAULT, NOT DEFERRABLE; REFERENCES after FOREIGN KEY (…).
    if (kind === 'foreign key' && isPartOfForeignKey(tokens, at, start)) continue;
    return at;
  }
  return at;
}

function endOfDefault(tokens: readonly Token[], at: number): number {
  if (isMark(tokens[at], '(')) return skipParentheses(tokens, at);
  return isMark(tokens[at], '-') || isMark(tokens[at], '+') ? at + 2 : at + 1;
}

function isPartOfForeignKey(tokens: readonly Token[], at: number, start: number): boolean {
  const token = tokens[at];
  if (isWord(token, 'NULL', 'DEFAULT')) return isWord(tokens[at - 1], 'SET');
  if (isWord(token, 'NOT')) return isWord(tokens[at + 1], 'DEFERRABLE');
  return isWord(token, 'REFERENCES') && !tokens.slice(start, at).some((earlier) => isWord(earlier, 'REFERENCES'));
}

function toConstraint(kind: ConstraintKind, name: string | null, body: readonly Token[]): ParsedConstraint {
  const conflictAt = body.findIndex((token, index) => isWord(token, 'ON') && isWord(body[index + 1], 'CONFLICT'));
  const kept = conflictAt === -1 ? body : [...body.slice(0, conflictAt), ...body.slice(conflictAt + 3)];
  return {
    kind,
    name,
    body: kept,
    onConflict: conflictAt === -1 ? null : (body[conflictAt + 2]?.value ?? null),
    isAutoincrement: kept.some((token) => isWord(token, 'AUTOINCREMENT')),
    isDescending: kind === 'primary key' && isWord(kept[0], 'DESC'),
  };
}
