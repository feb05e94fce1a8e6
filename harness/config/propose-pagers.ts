/** How a hint at a pager is told: as a note of a run, and as lines of a configuration to uncomment. */
import type { Pager } from '../core/pager.ts';
import { splitName } from '../core/schema-lookup.ts';
import type { GuessedPager } from './guess-pagers.ts';

/** The hints at tables for which no pager is declared. */
export function unanswered(
  guessed: readonly GuessedPager[],
  declared: readonly Pick<Pager, 'table'>[],
): readonly GuessedPager[] {
  const known = new Set(declared.map(({ table }) => nameOf(table)));
  return guessed.filter(({ table }) => !known.has(nameOf(table)));
}

function nameOf(table: string): string {
  return (splitName(table).at(-1) ?? table).toLowerCase();
}

/** One sentence, with what to write. */
export function proposalNote(guessed: GuessedPager): string {
  return `proposed pager ${guessed.id}: ${guessed.index} orders ${guessed.table} by (${guessed.key}) as cursors do; nothing is judged of it until the configuration has pagers: [${renderPager(guessed)}]`;
}

/** An entry of `pagers`, in one line. */
export function renderPager({ id, from, table, key, filter, index }: GuessedPager): string {
  const parts = { id, from, table, key, ...(filter === null ? {} : { filter }), index };
  return `{ ${Object.entries(parts)
    .map(([name, value]) => `${name}: ${quote(value)}`)
    .join(', ')} }`;
}

/** A string literal in the project's style, whatever the text holds. */
export function quote(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1);
  return `'${inner.replaceAll(String.raw`\"`, '"').replaceAll("'", String.raw`\'`)}'`;
}
