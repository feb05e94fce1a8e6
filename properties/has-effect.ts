/** `has-effect`: a migration that never changes anything is reported. */
import type { JudgementContext, Property } from '../harness/core/property.ts';
import { momentOf } from '../harness/core/trace.ts';
import { mentionedDataObligations } from './compare/obligations.ts';
import { isSameState, makeFinding } from './compare/state.ts';

export const hasEffect: Property = {
  id: 'has-effect',
  title: 'The up script changes something',
  law: 'U(d) ≠ d for some d',
  clauses: [{ id: 'effect', law: 'In at least one case U changed the catalog or the data.' }],
  scenario: 'standard',
  needs: 'after-up',
  quantifier: 'some-case',
  inapplicable: () => null,
  obligations: (context) => (dependsOnData(context) ? mentionedDataObligations(context) : []),
  judge(trace, context) {
    const before = momentOf(trace, 'before');
    const after = momentOf(trace, 'after-up');
    if (before === undefined || after?.step == null)
      return { status: 'unjudged', reason: 'the up script was not reached' };
    if (after.step.outcome.status !== 'completed')
      return { status: 'unjudged', reason: 'the up script did not complete' };
    const untouched = isSameState(before, after, { ...context, runStartedMs: Number.POSITIVE_INFINITY });
    if (!untouched) return { status: 'held', notes: [] };
    if (dependsOnData(context))
      return {
        status: 'unjudged',
        reason: 'no generated row met the conditions of its statements, so nothing changed',
      };
    return {
      status: 'falsified',
      findings: [
        makeFinding(
          'effect',
          context.migration.name,
          'the up script changed neither catalog nor data: the tool will record a migration that did nothing',
        ),
      ],
    };
  },
};

/** Whether what the script does hangs on conditions over rows that the generator may not have met. */
function dependsOnData({ migration }: JudgementContext): boolean {
  const text = migration.up.text.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
  return (
    /\b(UPDATE|DELETE|INSERT|MERGE|DO|CALL|SELECT)\b/i.test(text) &&
    /\b(WHERE|JOIN|IF|CASE|EXCEPT|INTERSECT|HAVING|ON CONFLICT|OR IGNORE)\b/i.test(text)
  );
}
