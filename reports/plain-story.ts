/** A failure in full as plain text, for formats that carry it in one piece. */
import { describeFailure, type FailureInReport } from './counterexample-section.ts';
import { makeStyle } from './style.ts';

const STYLE = makeStyle({ width: 100, color: false, unicode: true });

/** What the terminal report says of a failure, without its title line and its colours. */
export function plainStory(failure: FailureInReport): string {
  return describeFailure(failure, 1, 1, STYLE).slice(1).join('\n');
}
