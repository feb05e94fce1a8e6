/** How errors look: what happened, where with a caret, and what to type next. */
import { messageOf, PalindromeError } from '../core/errors.ts';
import { drawPlace } from '../../reports/excerpt.ts';
import { hang } from '../../reports/fit.ts';
import { sanitizeLines } from '../../reports/sanitize.ts';
import type { Style } from '../../reports/style.ts';

/** Lines for standard error. The stack is for the authors of the harness: only with `withStack`. */
export function describeError(thrown: unknown, style: Style, withStack: boolean): readonly string[] {
  const { paint, width } = style;
  const [first = '', ...rest] = sanitizeLines(messageOf(thrown) || String(thrown));
  const lines = [
    ...hang(`${paint.red('error')}: `, first, width),
    ...rest.flatMap((line) => hang(/^ */u.exec(line)?.[0] ?? '', line.trimStart(), width)),
  ];
  if (thrown instanceof PalindromeError) {
    if (thrown.place !== undefined) lines.push('', ...drawPlace(thrown.place, style).map((line) => `  ${line}`), '');
    if (thrown.hint !== undefined) lines.push(...hang(`${paint.cyan('hint')}: `, thrown.hint, width));
  } else if (!withStack) lines.push('This is a fault of palindrome itself; run it again with --debug for the stack.');
  if (withStack) lines.push(...stacksOf(thrown).map((line) => paint.dim(line)));
  return lines;
}

/** 2 where the input was wrong, 3 where the harness or its environment failed, 130 where somebody stopped it. */
export function exitCodeOf(thrown: unknown): 2 | 3 | 130 {
  if (thrown instanceof PalindromeError && thrown.code === 'interrupted') return 130;
  return thrown instanceof PalindromeError && thrown.kind === 'usage' ? 2 : 3;
}

function stacksOf(thrown: unknown): readonly string[] {
  if (!(thrown instanceof Error)) return [];
  const own = (thrown.stack ?? '').split('\n');
  return thrown.cause === undefined ? own : [...own, 'caused by', ...stacksOf(thrown.cause)];
}
