/**
 * Judging the traces of one case with one property.
 */
import type { Finding, Judgement, JudgementContext, Property } from '../core/property.ts';
import type { ScriptOutcome, Trace } from '../core/trace.ts';

/** One judgement from several traces of the same case: falsified beats held beats unjudged. */
export function judgeTraces(property: Property, traces: readonly Trace[], context: JudgementContext): Judgement {
  const judgements = traces.map((trace) => property.judge(trace, context));
  const findings = judgements.flatMap((judgement) => (judgement.status === 'falsified' ? judgement.findings : []));
  if (findings.length > 0) {
    const reason = whyBeyondJudgement(traces);
    return reason === null ? { status: 'falsified', findings: firstOfEach(findings) } : { status: 'unjudged', reason };
  }
  return (
    judgements.find(({ status }) => status === 'held') ?? judgements[0] ?? { status: 'unjudged', reason: 'no trace' }
  );
}

/**
 * Why a script's failure says nothing about it: it calls a SQL function that the application may register, or that is misspelt.
 * The database cannot tell the one from the other. Null: no function is missing.
 */
export function missingFunction(outcome: ScriptOutcome): string | null {
  if (outcome.status !== 'failed' || outcome.fault.class !== 'missing-function') return null;
  const where = outcome.at === null ? '' : ` at ${outcome.at.file}:${outcome.at.line}`;
  return `${outcome.fault.message}${where}: if the application registers it, give it under sqlite.functions in the configuration`;
}

function whyBeyondJudgement(traces: readonly Trace[]): string | null {
  const steps = traces.flatMap(({ moments }) => moments.flatMap(({ step }) => step ?? []));
  return steps.map(({ outcome }) => missingFunction(outcome)).find((reason) => reason !== null) ?? null;
}

/** Whether two findings are the same failure, whatever the data. */
export function isSameFailure(a: Finding, b: Finding): boolean {
  return a.clause === b.clause && a.object === b.object;
}

function firstOfEach(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding, at) => findings.findIndex((other) => isSameFailure(other, finding)) === at);
}
