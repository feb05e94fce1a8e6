/**
 * Judging the traces of one case with one property.
 */
import type { Finding, Judgement, JudgementContext, Property } from '../core/property.ts';
import type { Trace } from '../core/trace.ts';

/** One judgement from several traces of the same case: falsified beats held beats unjudged. */
export function judgeTraces(property: Property, traces: readonly Trace[], context: JudgementContext): Judgement {
  const judgements = traces.map((trace) => property.judge(trace, context));
  const findings = judgements.flatMap((judgement) => (judgement.status === 'falsified' ? judgement.findings : []));
  if (findings.length > 0) return { status: 'falsified', findings: firstOfEach(findings) };
  return (
    judgements.find(({ status }) => status === 'held') ?? judgements[0] ?? { status: 'unjudged', reason: 'no trace' }
  );
}

/** Whether two findings are the same failure, whatever the data. */
export function isSameFailure(a: Finding, b: Finding): boolean {
  return a.clause === b.clause && a.object === b.object;
}

function firstOfEach(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding, at) => findings.findIndex((other) => isSameFailure(other, finding)) === at);
}
