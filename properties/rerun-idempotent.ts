/** `rerun-idempotent`: running a script again changes nothing, or refuses without a trace where a ledger decides who runs it. */
import type { Finding, JudgementContext, Property } from '../harness/core/property.ts';
import type { Moment, MomentName, Trace } from '../harness/core/trace.ts';
import { mentionedDataObligations } from './compare/obligations.ts';
import { judgeLedger } from './rerun-through-ledger.ts';
import { compareCatalogs, compareRows, failureFinding, makeFinding } from './compare/state.ts';

const RERUNS = [
  { moment: 'after-up-again', script: 'up', prefix: '' },
  { moment: 'after-down-again', script: 'down', prefix: 'down-' },
] as const satisfies readonly { moment: MomentName; script: string; prefix: string }[];

export const rerunIdempotent: Property = {
  id: 'rerun-idempotent',
  title: 'Running a script again changes nothing',
  law: 'U(U(d)) = U(d) and D(D(U(d))) = D(U(d))',
  clauses: [
    { id: 'silent-change', law: 'Running U again changes neither catalog nor data.' },
    {
      id: 'refusal',
      law: 'Where U refuses to run twice, everything stays as it was; where scripts are run by hand or claim to be idempotent, it does not refuse.',
    },
    { id: 'down-silent-change', law: 'Running D again changes neither catalog nor data.' },
    {
      id: 'down-refusal',
      law: 'Where D refuses to run twice, everything stays as it was; where scripts are run by hand or claim to be idempotent, it does not refuse.',
    },
    {
      id: 'ledger',
      law: 'Running the whole set again through a ledger runs nothing and changes nothing, the ledger included (judged once a set, with its last migration).',
    },
  ],
  scenario: 'standard',
  needs: 'after-down-again',
  quantifier: 'every-case',
  inapplicable: () => null,
  obligations: mentionedDataObligations,
  judge(trace, context) {
    if (trace.scenario.startsWith('ledger')) return judgeLedger(trace, context);
    const reruns = RERUNS.flatMap((rerun) => {
      const at = trace.moments.findIndex((moment) => moment.name === rerun.moment);
      const [before, after] = [trace.moments[at - 1], trace.moments[at]];
      return at < 1 || before === undefined || after === undefined ? [] : [{ ...rerun, before, after }];
    });
    if (reruns.length === 0) return { status: 'unjudged', reason: unreached(trace) };
    const findings = reruns.flatMap((rerun) => judgeRerun(rerun, context));
    return findings.length === 0 ? { status: 'held', notes: [] } : { status: 'falsified', findings };
  },
};

function unreached(trace: Trace): string {
  return trace.endedEarly ?? 'no script was run twice';
}

interface Rerun {
  readonly script: 'up' | 'down';
  readonly prefix: '' | 'down-';
  readonly before: Moment;
  readonly after: Moment;
}

function judgeRerun({ script, prefix, before, after }: Rerun, context: JudgementContext): Finding[] {
  const outcome = after.step?.outcome;
  if (outcome === undefined) return [];
  if (script === 'down' && context.migration.declarations.irreversible !== null) return [];
  const clause = outcome.status === 'completed' ? `${prefix}silent-change` : `${prefix}refusal`;
  const when =
    outcome.status === 'completed'
      ? `after a second run of the ${script} script`
      : `after the ${script} script failed on its second run`;
  const changes = [
    ...compareCatalogs(clause, before, after, when),
    ...compareRows(clause, before, after, when, context),
  ];
  if (changes.length > 0)
    return changes.map((finding) => ({ ...finding, at: outcome.status === 'completed' ? null : outcome.at }));
  if (outcome.status === 'completed' || mayRefuse(context)) return [];
  const refusal = failureFinding(clause, `the second run of the ${script} script`, outcome);
  const why = context.set.keepsLedger
    ? 'it is declared to be idempotent'
    : 'scripts of this layout are run by hand, without a ledger that would skip them';
  return [
    makeFinding(clause, refusal.object, `${refusal.message}; ${why}`, {
      fault: refusal.fault,
      at: refusal.at,
      wayOut: '-- palindrome: rerun refuse',
    }),
  ];
}

/** Refusing unchanged is enough where the tool's ledger decides, unless the migration claims more. */
function mayRefuse({ set, migration }: JudgementContext): boolean {
  const { rerun, claims } = migration.declarations;
  if (rerun !== null) return rerun === 'refuse';
  return set.keepsLedger && !claims.includes('idempotent');
}
