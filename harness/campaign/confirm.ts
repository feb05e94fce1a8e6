/**
 * Running a failing case a second time, isolated, before anything is said about it.
 */
import { clockWindowSince } from '../core/clock.ts';
import type { Finding, JudgementContext, Property } from '../core/property.ts';
import type { Trace } from '../core/trace.ts';
import { isSameFailure, judgeTraces } from './judge.ts';
import { type CaseRun, contextOf, type Subject } from './subject.ts';
import { findVolatileColumns } from './volatile.ts';

export type Confirmation =
  | { readonly status: 'confirmed'; readonly finding: Finding }
  /** The failure came from the clock or chance: these columns are not to be compared. */
  | { readonly status: 'volatile'; readonly columns: readonly string[] }
  | { readonly status: 'flaky'; readonly message: string };

export interface ConfirmationRequest {
  readonly subject: Subject;
  readonly property: Property;
  readonly finding: Finding;
  readonly run: CaseRun;
  readonly volatileColumns: ReadonlySet<string>;
  readonly runStartedMs: number;
}

/** Repeats the case in a new clone, and tells a real failure from a volatile value and from a flake. */
export async function confirmFinding(request: ConfirmationRequest): Promise<Confirmation> {
  const { subject, property, finding, run, volatileColumns, runStartedMs } = request;
  const again = await subject.runCase(run.loaded, {
    until: property.needs,
    isolated: true,
    parameters: run.parameters ?? null,
  });
  const columns = findVolatileColumns(run.traces[0], again.traces[0], clockWindowSince(runStartedMs)).filter(
    (column) => !volatileColumns.has(column),
  );
  const context = contextOf(subject, new Set([...volatileColumns, ...columns]), runStartedMs);
  const first = findAgain(property, run.traces, finding, context);
  const second = findAgain(property, again.traces, finding, context);
  if (columns.length > 0 && first === undefined && second === undefined) return { status: 'volatile', columns };
  if (second !== undefined) return { status: 'confirmed', finding: second };
  return { status: 'flaky', message: `one run of the same rows failed ("${finding.message}"), the next did not` };
}

/** The same failure in other traces, if it is there. */
export function findAgain(
  property: Property,
  traces: readonly Trace[],
  finding: Finding,
  context: JudgementContext,
): Finding | undefined {
  const judgement = judgeTraces(property, traces, context);
  return judgement.status === 'falsified'
    ? judgement.findings.find((other) => isSameFailure(other, finding))
    : undefined;
}
