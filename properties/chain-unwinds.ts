/**
 * `chain-unwinds`: all ups in order and all downs in reverse end where they began.
 * It is judged over a trace of its own (scenario `chain`) with the moments `before` and `after-down`; the campaign says which step is to blame.
 */
import type { Property } from '../harness/core/property.ts';
import { momentOf } from '../harness/core/trace.ts';
import { anyRowObligation } from './compare/obligations.ts';
import { compareCatalogs, compareRows, failureFinding } from './compare/state.ts';

const WHEN = 'after all ups and all downs';

export const chainUnwinds: Property = {
  id: 'chain-unwinds',
  title: 'The whole chain unwinds',
  law: 'D₁(…Dₙ(Uₙ(…U₁(d)))) = d',
  clauses: [
    { id: 'schema', law: 'The catalog is the same after the whole walk.' },
    { id: 'data', law: 'Every row is the same after the whole walk.' },
    { id: 'fails', law: 'Every step of the walk succeeds.' },
  ],
  scenario: 'chain',
  needs: 'after-down',
  quantifier: 'every-case',
  inapplicable: () => null,
  obligations: anyRowObligation,
  judge(trace, context) {
    const before = momentOf(trace, 'before');
    const after = momentOf(trace, 'after-down');
    if (before === undefined || after?.step == null)
      return { status: 'unjudged', reason: trace.endedEarly ?? 'the walk did not get back' };
    const { outcome } = after.step;
    if (outcome.status !== 'completed')
      return { status: 'falsified', findings: [failureFinding('fails', 'on the way back, the down script', outcome)] };
    const findings = [
      ...compareCatalogs('schema', before, after, WHEN),
      ...compareRows('data', before, after, WHEN, context),
    ];
    return findings.length === 0 ? { status: 'held', notes: [] } : { status: 'falsified', findings };
  },
};
