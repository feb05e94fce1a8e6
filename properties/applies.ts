/** `applies`: U succeeds on every legal dataset, and leaves no trace where it fails. */
import type { Finding, JudgementContext, Property } from '../harness/core/property.ts';
import { momentOf } from '../harness/core/trace.ts';
import { mentionedDataObligations } from './compare/obligations.ts';
import { compareCatalogs, compareRows, failureFinding } from './compare/state.ts';

export const applies: Property = {
  id: 'applies',
  title: 'The up script runs on every legal dataset',
  law: 'U(d) succeeds; where it fails, the state is still d',
  clauses: [
    {
      id: 'rejects',
      law: 'U succeeds on every dataset that is legal before it, unless a declared precondition names rows in it.',
    },
    { id: 'atomic', law: 'Where U fails, catalog and data are as they were before it.' },
  ],
  scenario: 'standard',
  needs: 'after-up',
  quantifier: 'every-case',
  inapplicable: () => null,
  obligations: mentionedDataObligations,
  judge(trace, context) {
    const before = momentOf(trace, 'before');
    const after = momentOf(trace, 'after-up');
    if (before === undefined || after?.step == null)
      return { status: 'unjudged', reason: 'the up script was not reached' };
    const { outcome } = after.step;
    if (outcome.status === 'completed') return { status: 'held', notes: [] };
    const findings: Finding[] = [];
    if (trace.preconditionRows === 0) {
      const rejected = failureFinding('rejects', 'the up script', outcome);
      findings.push({ ...rejected, wayOut: preconditionFor(rejected, context) });
    }
    const left = [
      ...compareCatalogs('atomic', before, after, 'after the up script failed'),
      ...compareRows('atomic', before, after, 'after the up script failed', context),
    ];
    findings.push(...left.map((finding) => ({ ...finding, at: outcome.at })));
    return findings.length === 0
      ? {
          status: 'held',
          notes: ['the up script refused rows that a declared precondition names, and left everything as it was'],
        }
      : { status: 'falsified', findings };
  },
};

/** The declaration to write if such rows cannot exist in production. */
function preconditionFor({ fault }: Finding, { mentioned }: JudgementContext): string {
  const [onlyTable, ...others] = mentioned;
  const table = fault?.table ?? (others.length === 0 ? onlyTable : undefined) ?? '<table>';
  const condition =
    fault?.class === 'not-null' && fault.column !== null ? `${fault.column} IS NULL` : '<what is wrong with such rows>';
  return `-- palindrome: precondition SELECT * FROM ${table} WHERE ${condition} because <why such rows cannot exist>`;
}
