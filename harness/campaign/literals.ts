/**
 * The values that a script compares with or writes. Rows that hold them meet the script's conditions, which random rows rarely do.
 */
import type { Migration } from '../core/migration.ts';

const MAX_LITERALS = 40;
const MAX_LENGTH = 80;

/** Text and numeric literals of both scripts, without quotes, in order of appearance. */
export function harvestLiterals(migration: Migration): readonly string[] {
  const text = `${migration.up.text}\n${migration.down?.text ?? ''}`.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
  const found = new Set<string>();
  for (const match of text.matchAll(/'((?:[^']|'')*)'|(?<![\w.])(-?\d+(?:\.\d+)?)(?![\w.])/g)) {
    const literal = match[1]?.replaceAll("''", "'") ?? match[2] ?? '';
    if (literal.length <= MAX_LENGTH && !literal.includes('\n')) found.add(literal);
    if (found.size >= MAX_LITERALS) break;
  }
  return [...found];
}
