/** Patterns of conditions as something to test texts with and to draw texts from. */
import * as fc from 'fast-check';
import type { MatchKind } from './expression.ts';
import { patternToRegExp } from './patterns.ts';

export interface PatternHint {
  readonly matcher: RegExp;
  readonly isNegated: boolean;
  /** Texts that match; null for a negated pattern. */
  readonly arbitrary: fc.Arbitrary<string> | null;
}

const patternHints = new Map<string, PatternHint | null>();

/** The hint of a pattern; null where JavaScript has no equal of it. Kept for later calls. */
export function patternHint(how: MatchKind, pattern: string, isNegated: boolean): PatternHint | null {
  const key = `${how} ${String(isNegated)} ${pattern}`;
  const known = patternHints.get(key);
  if (known !== undefined) return known;
  const matcher = patternToRegExp(how, pattern);
  const made = matcher === null ? null : { matcher, isNegated, arbitrary: isNegated ? null : matchingTexts(matcher) };
  patternHints.set(key, made);
  return made;
}

/** Texts for a pattern, short ones of plain characters; null where fast-check has no way to make them. */
function matchingTexts(matcher: RegExp): fc.Arbitrary<string> | null {
  try {
    const plain = new RegExp(
      matcher.source.replaceAll('.*', '[a-z0-9 ]{0,6}').replaceAll('.+', '[a-z0-9]{1,6}'),
      matcher.flags.replace('i', ''),
    );
    const anchored = new RegExp(
      `${plain.source.startsWith('^') ? '' : '^'}${plain.source}${plain.source.endsWith('$') ? '' : '$'}`,
      plain.flags,
    );
    return fc.stringMatching(anchored, { size: 'small' });
  } catch {
    return null;
  }
}
