/** The clause `ledger` of `rerun-idempotent`: over traces of a whole set that went through the runner's ledger twice. */
import { evidenceOf, type LedgerRun } from '../harness/core/evidence.ts';
import type { Judgement, JudgementContext } from '../harness/core/property.ts';
import { momentOf, type Trace } from '../harness/core/trace.ts';
import { compareCatalogs, compareRows, makeFinding } from './compare/state.ts';

const CLAUSE = 'ledger';
/** What a migration did to the ledger is not in the trace: only that it is to blame, or one before it. */
const ADVICE = 'a migration must name the tables it works on, and leave the ledger alone';

/** Judges one trace of scenario `ledger:<applied>`. */
export function judgeLedger(trace: Trace, context: JudgementContext): Judgement {
  const evidence = evidenceOf(trace, 'ledger');
  if (evidence === null) return { status: 'unjudged', reason: trace.endedEarly ?? 'nothing went through a ledger' };
  const { first, second, runsWithout } = evidence;
  if (first.stopped !== null && runsWithout !== true)
    return { status: 'unjudged', reason: `${whereOf(first)} does not apply to the generated data` };
  if (first.stopped !== null)
    return falsified(
      whereOf(first),
      `${whereOf(first)} runs without a ledger, and not through one: it ${first.stopped.why}; ${ADVICE}`,
    );
  if (second === null) return { status: 'unjudged', reason: 'the set was not run again' };
  if (second.ran.length > 0 || second.stopped?.at != null)
    return falsified(
      'again',
      `when the whole set was run again through the ledger, ${describeAgain(second)}, though nothing was left to run; ${ADVICE}`,
    );
  if (second.stopped !== null)
    return falsified(
      'again',
      `the whole set cannot be run again through the ledger: it is ${second.stopped.why}; ${ADVICE}`,
    );
  const [before, after] = [momentOf(trace, 'after-up'), momentOf(trace, 'after-up-again')];
  if (before === undefined || after === undefined) return { status: 'unjudged', reason: 'the set was not run again' };
  const when = 'after the whole set was run again through the ledger';
  const findings = [
    ...compareCatalogs(CLAUSE, before, after, when),
    ...compareRows(CLAUSE, before, after, when, context),
  ];
  return findings.length === 0 ? { status: 'held', notes: [] } : { status: 'falsified', findings };
}

function whereOf({ stopped }: LedgerRun): string {
  return stopped?.at ?? 'the set';
}

function describeAgain({ ran, stopped }: LedgerRun): string {
  const parts = [
    ...(ran.length === 0 ? [] : [`${ran.join(', ')} ran a second time`]),
    ...(stopped?.at == null ? [] : [`${stopped.at} began a second time and ${stopped.why}`]),
  ];
  return parts.join(', then ');
}

function falsified(object: string, message: string): Judgement {
  return { status: 'falsified', findings: [makeFinding(CLAUSE, object, message)] };
}
