/** `rollback-restores`: after up and down, catalog, data and sequences are what they were. */
import type { Finding, JudgementContext, Property, TableDifference } from '../harness/core/property.ts';
import type { SequenceState, Snapshot } from '../harness/core/snapshot.ts';
import { type Moment, momentOf } from '../harness/core/trace.ts';
import { mentionedDataObligations } from './compare/obligations.ts';
import { compareCatalogs, failureFinding, isSameState, makeFinding, rowFinding } from './compare/state.ts';
import { diffTables, toleranceOf } from './compare/tables.ts';
import { findColumn } from '../harness/core/schema-lookup.ts';
import { lossProjections, neededLosses, neededLossNote, withoutDeclaredLosses } from './compare/declared-loss.ts';

const WHEN = 'after up and down';

export const rollbackRestores: Property = {
  id: 'rollback-restores',
  title: 'The down script restores the state',
  law: 'D(U(d)) = d',
  clauses: [
    { id: 'schema', law: 'The catalog is the same.' },
    { id: 'data', law: 'Every row of every table is the same, in every column.' },
    { id: 'sequences', law: 'The next value of every owned sequence lies beyond what its column holds.' },
    { id: 'down-fails', law: 'D succeeds on every state that U produced.' },
    { id: 'declared-loss', law: 'A down declared irreversible refuses, and leaves everything as it was.' },
  ],
  scenario: 'standard',
  needs: 'after-down',
  quantifier: 'every-case',
  inapplicable({ migration }) {
    return migration.down === null ? 'there is no down script' : null;
  },
  projections: lossProjections,
  conclude({ migration, model }, notes) {
    return (
      migration.declarations.lossy
        // One of a table that the up makes concerns later writes alone.
        .filter(({ column }) => findColumn(model, column) !== undefined)
        .filter((loss) => !notes.has(neededLossNote(loss)))
        .map(
          ({ column }) => `the declared loss of ${column} was never needed: remove the declaration if nothing is lost`,
        )
    );
  },
  obligations: mentionedDataObligations,
  judge(trace, context) {
    const before = momentOf(trace, 'before');
    const up = momentOf(trace, 'after-up');
    const down = momentOf(trace, 'after-down');
    if (before === undefined || up === undefined || down?.step == null) {
      return { status: 'unjudged', reason: trace.endedEarly ?? 'the down script was not reached' };
    }
    const { findings, notes } =
      context.migration.declarations.irreversible === null
        ? judgeRestored(before, down, context)
        : { findings: judgeRefusal(up, down, context), notes: [] };
    return findings.length === 0 ? { status: 'held', notes } : { status: 'falsified', findings };
  },
};

interface Restored {
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

function judgeRestored(before: Moment, down: Moment, context: JudgementContext): Restored {
  const outcome = down.step?.outcome;
  if (outcome !== undefined && outcome.status !== 'completed') {
    const failed = failureFinding('down-fails', 'the down script', outcome);
    return {
      findings: [{ ...failed, wayOut: '-- palindrome: irreversible because <why it cannot be undone>' }],
      notes: [],
    };
  }
  const differences = diffTables(before.snapshot, down.snapshot, toleranceOf(context));
  const left = differences.map((difference) => withoutDeclaredLosses(difference, before.snapshot, context));
  const needed = differences.flatMap((difference) => neededLosses(difference, before.snapshot, context));
  const data = left.flatMap((difference) => (difference === null ? [] : dataFinding(difference)));
  return {
    findings: [
      ...compareCatalogs('schema', before, down, WHEN),
      ...data,
      ...judgeSequences(before.snapshot, down.snapshot),
    ],
    notes: needed.map(neededLossNote),
  };
}

function dataFinding(difference: TableDifference): Finding {
  const finding = rowFinding('data', difference, WHEN);
  const column = finding.object === difference.table ? `${difference.table}.*` : finding.object;
  return { ...finding, wayOut: `-- palindrome: lossy ${column} where true because <why the loss is acceptable>` };
}

function judgeSequences(before: Snapshot, after: Snapshot): Finding[] {
  const faultyBefore = new Set(before.sequences.filter((sequence) => !isAhead(sequence)).map(({ name }) => name));
  return after.sequences
    .filter((sequence) => !faultyBefore.has(sequence.name) && !isAhead(sequence))
    .map((sequence) =>
      makeFinding(
        'sequences',
        sequence.name,
        `${WHEN}, sequence ${sequence.name} gives ${sequence.nextValue} next, but ${sequence.ownedBy?.table}.${sequence.ownedBy?.column} already holds ${sequence.columnExtreme}: the next insert collides`,
      ),
    );
}

function isAhead({ nextValue, increment, columnExtreme }: SequenceState): boolean {
  if (columnExtreme === null || !/^-?\d+$/.test(columnExtreme)) return true;
  return increment.startsWith('-')
    ? BigInt(nextValue) < BigInt(columnExtreme)
    : BigInt(nextValue) > BigInt(columnExtreme);
}

function judgeRefusal(up: Moment, down: Moment, context: JudgementContext): Finding[] {
  const outcome = down.step?.outcome;
  if (outcome?.status === 'completed') {
    return [
      makeFinding(
        'declared-loss',
        context.migration.name,
        'the migration is declared irreversible, but its down script ran instead of refusing',
      ),
    ];
  }
  if (isSameState(up, down, context)) return [];
  return [
    makeFinding(
      'declared-loss',
      context.migration.name,
      'the down script refuses as declared, but it changed the database before it did',
    ),
  ];
}
