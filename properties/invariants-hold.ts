/** `invariants-hold`: what the user says is true stays true at every moment of the trajectory. */
import type { Row } from '../harness/core/dataset.ts';
import type { Finding, Property } from '../harness/core/property.ts';
import type { InvariantViolation, Moment } from '../harness/core/trace.ts';
import { count } from '../harness/core/text.ts';
import { makeFinding } from './compare/state.ts';
import { anyRowObligation } from './compare/obligations.ts';

const WORDS: Readonly<Record<Moment['name'], string>> = {
  before: 'before the migration',
  'after-up': 'after up',
  'after-writes': 'after later writes',
  'after-down': 'after up and down',
  'after-reup': 'after up, down and up',
  'after-up-again': 'after a second run of up',
  'after-last-down': 'after the last down',
  'after-down-again': 'after a second run of down',
};

export const invariantsHold: Property = {
  id: 'invariants-hold',
  title: 'The declared invariants stay true',
  law: 'I(s) for every moment s',
  clauses: [
    { id: '<invariant id>', law: 'The query or function of the invariant returns no row.' },
    {
      id: 'conserved',
      law: 'What is declared to be conserved (counts, sums, sums by group) gives the same rows before U and at every later moment.',
    },
  ],
  scenario: 'standard',
  needs: 'after-down-again',
  quantifier: 'every-case',
  inapplicable: ({ invariantIds }) =>
    invariantIds.length === 0 ? 'no invariant is declared for the states around it' : null,
  obligations: anyRowObligation,
  judge(trace) {
    const later = trace.moments.filter((moment) => moment.name !== 'before');
    const [before] = trace.moments;
    const asked = later.some(({ invariantsAsked, conserved = [] }) => invariantsAsked.length + conserved.length > 0);
    if (!asked) return { status: 'unjudged', reason: whyNotAsked(later) };
    const findings = later.flatMap((moment) =>
      moment.violations.map((violation) => violationFinding(violation, moment)),
    );
    findings.push(...later.flatMap((moment) => conservationFindings(before, moment)));
    return findings.length === 0
      ? { status: 'held', notes: [] }
      : { status: 'falsified', findings: firstOfEach(findings) };
  },
};

/** After a script that fails nothing is asked: the state is none that the set promises. */
function whyNotAsked(later: readonly Moment[]): string {
  const failed = later.find(({ step }) => step !== null && step.outcome.status !== 'completed');
  return failed === undefined
    ? 'no declared invariant applies to the states around this migration'
    : `the ${failed.step?.direction ?? 'up'} script did not complete`;
}

function violationFinding(violation: InvariantViolation, moment: Moment): Finding {
  const [row] = violation.rows;
  const shown = showRow(violation.columns, row);
  return makeFinding(
    violation.invariant,
    violation.invariant,
    `${WORDS[moment.name]}, ${violation.invariant} is broken by ${count(violation.rows.length, 'row')}: ${shown}`,
    {
      tableDifferences: [
        {
          table: `rows that break ${violation.invariant}`,
          columns: violation.columns,
          missing: [],
          extra: violation.rows,
          changed: [],
        },
      ],
    },
  );
}

function conservationFindings(before: Moment | undefined, moment: Moment): Finding[] {
  return (moment.conserved ?? []).flatMap((now) => {
    const then = before?.conserved?.find(({ id }) => id === now.id);
    if (then === undefined || JSON.stringify(then.rows) === JSON.stringify(now.rows)) return [];
    const missing = without(then.rows, now.rows);
    const extra = without(now.rows, then.rows);
    const shown = (rows: readonly Row[]): string => showRow(now.columns, rows[0]);
    const message = `${WORDS[moment.name]}, ${now.id} is not conserved: ${shown(missing)} before, ${shown(extra)} now`;
    const table = `result of ${now.id}`;
    return [
      makeFinding('conserved', now.id, message, {
        tableDifferences: [{ table, columns: now.columns, missing, extra, changed: [] }],
      }),
    ];
  });
}

/** The rows of `rows` that `others` does not have, each as often as it is missing. */
function without(rows: readonly Row[], others: readonly Row[]): Row[] {
  const left = others.map((row) => JSON.stringify(row));
  return rows.filter((row) => {
    const at = left.indexOf(JSON.stringify(row));
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

function showRow(columns: readonly string[], row: Row | undefined): string {
  if (row === undefined) return 'no such row';
  return columns.map((column, at) => `${column} ${row[at] ?? 'NULL'}`).join(', ');
}

function firstOfEach(findings: readonly Finding[]): Finding[] {
  return findings.filter(
    (finding, at) =>
      findings.findIndex((other) => other.clause === finding.clause && other.object === finding.object) === at,
  );
}
