/** `reapply-converges`: up after a rollback ends where the first up ended. */
import type { Property } from '../harness/core/property.ts';
import { momentOf } from '../harness/core/trace.ts';
import { mentionedDataObligations } from './compare/obligations.ts';
import { compareCatalogs, compareRows, failureFinding } from './compare/state.ts';

const WHEN = 'after up, down and up';

export const reapplyConverges: Property = {
  id: 'reapply-converges',
  title: 'Applying again after a rollback ends in the same state',
  law: 'U(D(U(d))) = U(d)',
  clauses: [
    { id: 'schema', law: 'The catalog is the same as after the first up.' },
    { id: 'data', law: 'Every row is the same as after the first up.' },
    { id: 'fails', law: 'U succeeds after its own rollback.' },
  ],
  scenario: 'standard',
  needs: 'after-reup',
  quantifier: 'every-case',
  inapplicable({ migration }) {
    if (migration.down === null) return 'there is no down script';
    return migration.declarations.irreversible === null
      ? null
      : `declared irreversible: ${migration.declarations.irreversible.reason}`;
  },
  obligations: mentionedDataObligations,
  judge(trace, context) {
    const first = momentOf(trace, 'after-up');
    const second = momentOf(trace, 'after-reup');
    if (first === undefined || second?.step == null)
      return { status: 'unjudged', reason: trace.endedEarly ?? 'the second up was not reached' };
    const { outcome } = second.step;
    if (outcome.status !== 'completed')
      return {
        status: 'falsified',
        findings: [failureFinding('fails', 'the up script, run after its own rollback,', outcome)],
      };
    const findings = [
      ...compareCatalogs('schema', first, second, WHEN),
      ...compareRows('data', first, second, WHEN, context),
    ];
    return findings.length === 0 ? { status: 'held', notes: [] } : { status: 'falsified', findings };
  },
};
