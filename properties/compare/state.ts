/**
 * Comparing whole states, as most properties do.
 */
import { diffCatalogs } from '../../harness/core/catalog.ts';
import type { Finding, JudgementContext, TableDifference } from '../../harness/core/property.ts';
import type { Moment, ScriptOutcome } from '../../harness/core/trace.ts';
import { diffTables, toleranceOf } from './tables.ts';
import { describeChanges, describeFailure, describeTableDifference, objectOfDifference } from './wording.ts';

/** A finding with nothing attached yet. */
export function makeFinding(clause: string, object: string, message: string, rest: Partial<Finding> = {}): Finding {
  return {
    clause,
    object,
    message,
    catalogChanges: [],
    tableDifferences: [],
    fault: null,
    at: null,
    wayOut: null,
    ...rest,
  };
}

/** One finding if the catalogs differ; `what` completes "after up and down, …". */
export function compareCatalogs(clause: string, expected: Moment, actual: Moment, when: string): Finding[] {
  const changes = diffCatalogs(expected.snapshot.catalog, actual.snapshot.catalog);
  const [first] = changes;
  if (first === undefined) return [];
  return [
    makeFinding(clause, `${first.kind} ${first.name}`, `${when}, ${describeChanges(changes)}`, {
      catalogChanges: changes,
    }),
  ];
}

/** One finding a table whose rows differ. */
export function compareRows(
  clause: string,
  expected: Moment,
  actual: Moment,
  when: string,
  context: JudgementContext,
): Finding[] {
  return diffTables(expected.snapshot, actual.snapshot, toleranceOf(context)).map((difference) =>
    rowFinding(clause, difference, when),
  );
}

/** The finding for one table's difference. */
export function rowFinding(clause: string, difference: TableDifference, when: string): Finding {
  return makeFinding(clause, objectOfDifference(difference), `${when}, ${describeTableDifference(difference)}`, {
    tableDifferences: [difference],
  });
}

/** A finding for a script that did not complete. */
export function failureFinding(
  clause: string,
  what: string,
  outcome: Exclude<ScriptOutcome, { status: 'completed' }>,
): Finding {
  const fault = outcome.status === 'failed' ? outcome.fault : null;
  const object = fault?.constraint ?? fault?.table ?? fault?.code ?? 'timeout';
  return makeFinding(clause, object, `${what} ${describeFailure(outcome)}`, { fault, at: outcome.at });
}

/** Whether two moments have the same catalog and rows, the tolerance aside. */
export function isSameState(expected: Moment, actual: Moment, context: JudgementContext): boolean {
  return (
    expected.snapshot.catalog.fingerprint === actual.snapshot.catalog.fingerprint &&
    diffTables(expected.snapshot, actual.snapshot, toleranceOf(context)).length === 0
  );
}
