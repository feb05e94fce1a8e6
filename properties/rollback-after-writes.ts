/** `rollback-after-writes`: a down that runs after the application wrote to the new schema loses nothing in silence. */
import type { LossDeclaration } from '../harness/core/declarations.ts';
import { evidenceOf, type WritesEvidence } from '../harness/core/evidence.ts';
import type { Finding, JudgementContext, Property, TableDifference } from '../harness/core/property.ts';
import { splitName } from '../harness/core/schema-lookup.ts';
import { count } from '../harness/core/text.ts';
import { type Moment, momentOf, type Trace } from '../harness/core/trace.ts';
import { lostLaterRows, lostMovedRows, lostOldRows, type TableHistory } from './compare/later-rows.ts';
import { isSameState, makeFinding } from './compare/state.ts';
import { toleranceOf, type Tolerance } from './compare/tables.ts';
import { describeFailure, describeTableDifference, objectOfDifference } from './compare/wording.ts';

export const rollbackAfterWrites: Property = {
  id: 'rollback-after-writes',
  title: 'A rollback after use loses nothing in silence',
  law: 'D(W(U(d))) keeps d and the image of W, or refuses and changes nothing',
  clauses: [
    {
      id: 'old-rows',
      law: 'Rows that were there before and that no write touched are as D leaves them without any write; removed rows stay removed.',
    },
    {
      id: 'new-rows',
      law: 'What was written later keeps its value in every column that both schemas have, or comes back with the next U.',
    },
    {
      id: 'moved-rows',
      law: 'What was written later to a new table that U filled from old rows comes back with the next U.',
    },
    { id: 'refusal', law: 'A D that refuses leaves catalog and rows as they were.' },
  ],
  scenario: 'later-writes',
  needs: 'after-reup',
  quantifier: 'every-case',
  inapplicable: ({ migration }) => (migration.down === null ? 'there is no down script' : null),
  obligations: () => [],
  judge(trace, context) {
    const evidence = evidenceOf(trace, 'writes');
    const moments = momentsOf(trace);
    if (evidence === null || moments === null)
      return { status: 'unjudged', reason: trace.endedEarly ?? 'the down script was not reached' };
    const seen = evidence.insertedInto.length > 0 ? [LATER_ROW] : [];
    const owed = evidence.wanted.length > 0 ? [LATER_ROW] : [];
    const outcome = moments.down.step?.outcome;
    if (outcome !== undefined && outcome.status !== 'completed') {
      const refused = judgeRefusal(moments, outcome, context);
      const note = `the down script refuses after later writes, and changes nothing: ${describeFailure(outcome)}`;
      return refused === null
        ? { status: 'held', notes: [note], seen, owed }
        : { status: 'falsified', findings: [refused] };
    }
    const { findings, notes } = judgeKept(moments, evidence, context);
    return findings.length === 0 ? { status: 'held', notes, seen, owed } : { status: 'falsified', findings };
  },
};

/** Tables that a note names. */
const MOST_NAMED = 3;

interface Moments {
  readonly before: Moment;
  readonly up: Moment;
  readonly written: Moment;
  readonly down: Moment;
  /** Undefined where the up did not run again. */
  readonly again: Moment | undefined;
}

function momentsOf(trace: Trace): Moments | null {
  const [before, up, written, down] = (['before', 'after-up', 'after-writes', 'after-down'] as const).map((name) =>
    momentOf(trace, name),
  );
  if (before === undefined || up === undefined || written === undefined || down === undefined) return null;
  const again = momentOf(trace, 'after-reup');
  return { before, up, written, down, again: again?.step?.outcome.status === 'completed' ? again : undefined };
}

const LATER_ROW = 'a row written after the up script';

function judgeRefusal(
  { written, down }: Moments,
  outcome: Parameters<typeof describeFailure>[0],
  context: JudgementContext,
): Finding | null {
  if (isSameState(written, down, context)) return null;
  const fault = outcome.status === 'failed' ? outcome.fault : null;
  const message = `after later writes the down script ${describeFailure(outcome)}, and what it did before that stays: the database is neither the old one nor the new one`;
  return makeFinding('refusal', context.migration.name, message, { fault, at: outcome.at });
}

function judgeKept(
  moments: Moments,
  evidence: WritesEvidence,
  context: JudgementContext,
): { findings: readonly Finding[]; notes: readonly string[] } {
  const tolerance = toleranceOf(context);
  const notes = new Set<string>();
  const findings: Finding[] = [];
  const report = (clause: string, difference: TableDifference | null): void => {
    const left = difference === null ? null : withoutDeclared(difference, context.migration.declarations.lossy, notes);
    if (left !== null) findings.push(lossFinding(clause, left));
  };
  for (const history of historiesOf(moments, evidence)) {
    report('old-rows', lostOldRows(history, tolerance));
    report('new-rows', lostLaterRows(history, tolerance));
  }
  for (const { table, columns } of evidence.moved) report('moved-rows', judgeMoved(moments, table, columns, tolerance));
  for (const note of dropped(moments, evidence)) notes.add(note);
  return { findings, notes: [...notes] };
}

function historiesOf(
  { before, up, written, down, again }: Moments,
  { without }: WritesEvidence,
): readonly TableHistory[] {
  return [...before.snapshot.tables.values()].flatMap((state) => {
    const [atUp, atWrites, atDown] = [up, written, down].map(({ snapshot }) => snapshot.tables.get(state.table));
    if (atUp === undefined || atWrites === undefined || atDown === undefined) return [];
    const states = { before: state, up: atUp, written: atWrites, down: atDown };
    // Beyond the capture's limit rows are not there to be told apart.
    if (Object.values(states).some(({ rows }) => rows === null)) return [];
    return [{ ...states, again: again?.snapshot.tables.get(state.table), without: without?.tables.get(state.table) }];
  });
}

function judgeMoved(
  { up, written, again }: Moments,
  table: string,
  columns: readonly string[],
  tolerance: Tolerance,
): TableDifference | null {
  const [atUp, atWrites] = [up, written].map(({ snapshot }) => snapshot.tables.get(table));
  if (atUp == null || atWrites == null || again === undefined) return null;
  return lostMovedRows(atUp, atWrites, again.snapshot.tables.get(table), columns, tolerance);
}

function lossFinding(clause: string, difference: TableDifference): Finding {
  const object = objectOfDifference(difference);
  const what =
    clause === 'old-rows' && difference.extra.length > 0 && difference.missing.length + difference.changed.length === 0
      ? `${count(difference.extra.length, 'row')} of ${difference.table} that the application removed after the up script ${difference.extra.length === 1 ? 'is' : 'are'} back`
      : describeTableDifference(difference);
  const whose =
    clause === 'old-rows'
      ? 'although no later write touched what was there'
      : clause === 'moved-rows'
        ? 'written after the up script, and the next up does not bring it back'
        : 'written after the up script';
  const target = object === difference.table ? `${difference.table}.*` : object;
  return makeFinding(clause, object, `after later writes and down, ${what}, ${whose}`, {
    tableDifferences: [difference],
    wayOut: `-- palindrome: lossy ${target} where true because <why the loss is acceptable>, or let the down script refuse while there is such a row`,
  });
}

/** What no declaration permits. A condition is not asked here: it is one over the rows before the up. */
function withoutDeclared(
  difference: TableDifference,
  losses: readonly LossDeclaration[],
  notes: Set<string>,
): TableDifference | null {
  const columns = losses.flatMap(({ column }) => {
    const parts = splitName(column);
    const last = parts.pop();
    return last !== undefined && isNameOf(parts, difference.table) ? [last] : [];
  });
  if (columns.length === 0) return difference;
  const isWhole = columns.includes('*');
  const changed = isWhole ? [] : difference.changed.filter(({ column }) => !columns.includes(column));
  const left = isWhole ? { ...difference, missing: [], extra: [], changed } : { ...difference, changed };
  if (left.changed.length !== difference.changed.length || isWhole)
    notes.add(`a declared loss in ${difference.table} was needed`);
  return left.missing.length + left.extra.length + left.changed.length === 0 ? null : left;
}

function isNameOf(parts: readonly string[], table: string): boolean {
  const full = splitName(table);
  return parts.length > 0 && parts.every((part, at) => part === full[full.length - parts.length + at]);
}

/** Rows of tables that only the new schema has go with them: worth a note, not a failure. */
function dropped({ before, down }: Moments, { moved, wanted }: WritesEvidence): readonly string[] {
  const tables = wanted.filter(
    (table) =>
      !before.snapshot.tables.has(table) &&
      !down.snapshot.tables.has(table) &&
      moved.every((entry) => entry.table !== table),
  );
  if (tables.length === 0) return [];
  const named = tables.slice(0, MOST_NAMED).join(', ');
  const more = tables.length > MOST_NAMED ? ` and ${count(tables.length - MOST_NAMED, 'more table')}` : '';
  return [`rows written to ${named}${more}, which only the new schema has, go with the down script`];
}
