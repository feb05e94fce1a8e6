/**
 * Which layout a folder has, by the layouts' own word.
 */
import { PalindromeError } from '../core/errors.ts';
import type { Layout } from '../core/layout.ts';
import { LAYOUTS } from './layouts.ts';

/** Scores nearer than this are no answer. */
const MARGIN = 0.15;

/** Surest first; layouts that do not recognise the folder are left out. */
export function rankLayouts(
  files: readonly string[],
  peek: (file: string) => string,
): { layout: Layout; score: number }[] {
  return Object.values(LAYOUTS)
    .map((layout) => ({ layout, score: layout.detect(files, peek) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score);
}

/** The surest layout; null if there is none. Throws `layout-ambiguous` where two are about as likely. */
export function detectLayout(shownAs: string, files: readonly string[], peek: (file: string) => string): Layout | null {
  const [first, second] = rankLayouts(files, peek);
  if (first === undefined) return null;
  if (second !== undefined && first.score - second.score < MARGIN) {
    const names = [first, second].map(({ layout }) => layout.name);
    throw new PalindromeError('layout-ambiguous', `${shownAs} could be a folder of ${names.join(' or of ')}.`, {
      hint: `Say which: ${names.map((name) => `--layout ${name}`).join(' or ')}.`,
    });
  }
  return first.layout;
}
