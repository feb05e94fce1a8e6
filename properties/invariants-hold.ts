/** `invariants-hold`: what the user says is true stays true at every moment of the trajectory. */
import type { Finding, Property } from '../harness/core/property.ts';
import type { InvariantViolation, Moment } from '../harness/core/trace.ts';
import { count } from '../harness/core/text.ts';
import { makeFinding } from './compare/state.ts';
import { anyRowObligation } from './compare/obligations.ts';

const WORDS: Readonly<Record<Moment['name'], string>> = {
  before: 'before the migration',
  'after-up': 'after up',
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
  clauses: [{ id: '<invariant id>', law: 'The query of the invariant returns no row.' }],
  scenario: 'standard',
  needs: 'after-down-again',
  quantifier: 'every-case',
  inapplicable: ({ invariantIds }) =>
    invariantIds.length === 0 ? 'no invariant is declared for the states around it' : null,
  obligations: anyRowObligation,
  judge(trace) {
    const later = trace.moments.filter((moment) => moment.name !== 'before');
    const asked = later.some((moment) => moment.invariantsAsked.length > 0);
    if (!asked)
      return { status: 'unjudged', reason: 'no declared invariant applies to the states around this migration' };
    const findings = later.flatMap((moment) =>
      moment.violations.map((violation) => violationFinding(violation, moment)),
    );
    return findings.length === 0
      ? { status: 'held', notes: [] }
      : { status: 'falsified', findings: firstOfEach(findings) };
  },
};

function violationFinding(violation: InvariantViolation, moment: Moment): Finding {
  const [row] = violation.rows;
  const shown = violation.columns.map((column, at) => `${column} ${row?.[at] ?? 'NULL'}`).join(', ');
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

function firstOfEach(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding, at) => findings.findIndex((other) => other.clause === finding.clause) === at);
}
