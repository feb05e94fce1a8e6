/**
 * `interruption-safe`: after a crash half-way, running a script again ends where an uninterrupted run would have, or refuses without a trace.
 * It is judged over the scenario `interrupted`, one interruption a trace.
 */
import { evidenceOf, type InterruptionEvidence } from '../harness/core/evidence.ts';
import type { Finding, JudgementContext, Property } from '../harness/core/property.ts';
import type { Snapshot } from '../harness/core/snapshot.ts';
import type { Moment } from '../harness/core/trace.ts';
import { compareCatalogs, compareRows, failureFinding, makeFinding } from './compare/state.ts';

export const interruptionSafe: Property = {
  id: 'interruption-safe',
  title: 'A script that was killed half-way can be run again',
  law: 'U(kill(U, d)) = U(d), or U refuses and leaves kill(U, d); the same for D',
  clauses: [
    {
      id: 'false-success',
      law: 'Where U completes after an earlier run was killed, catalog and data are those of an uninterrupted run.',
    },
    { id: 'refuses-clean', law: 'Where U refuses after a kill, it leaves everything as the kill left it.' },
    { id: 'resumes', law: 'Where U claims to be idempotent, it completes after a kill.' },
    {
      id: 'down-false-success',
      law: 'Where D completes after an earlier run was killed, catalog and data are those of an uninterrupted run.',
    },
    { id: 'down-refuses-clean', law: 'Where D refuses after a kill, it leaves everything as the kill left it.' },
    { id: 'down-resumes', law: 'Where the migration claims to be idempotent, D completes after a kill.' },
  ],
  scenario: 'interrupted',
  whenAsked:
    'kills each script at every boundary and inside statements, a case each, which takes longer than all others together',
  needs: 'after-up',
  quantifier: 'every-case',
  inapplicable: () => null,
  obligations: () => [],
  judge(trace, context) {
    const evidence = evidenceOf(trace, 'interruption');
    if (evidence === null) return { status: 'unjudged', reason: trace.endedEarly ?? 'nothing was interrupted' };
    const findings = judgeRerun(evidence, context);
    return findings.length > 0 ? { status: 'falsified', findings } : { status: 'held', notes: notesOf(evidence) };
  },
};

function judgeRerun(evidence: InterruptionEvidence, context: JudgementContext): readonly Finding[] {
  const { direction, where, outcome, uninterrupted, crashed, final, at } = evidence;
  const prefix = direction === 'up' ? '' : 'down-';
  const tolerant = { ...context, volatileColumns: new Set([...context.volatileColumns, ...evidence.volatileColumns]) };
  const compare = (clause: string, expected: Snapshot, when: string): readonly Finding[] =>
    [
      ...compareCatalogs(clause, asMoment(expected), asMoment(final), when),
      ...compareRows(clause, asMoment(expected), asMoment(final), when, tolerant),
    ].map((finding) => ({ ...finding, at }));
  if (outcome.status === 'completed') {
    const when = `after the ${direction} script was interrupted ${where}, its next run completes, and compared with an uninterrupted run`;
    return compare(`${prefix}false-success`, uninterrupted, when);
  }
  const what = `the ${direction} script, run again after it was interrupted ${where},`;
  const failure = failureFinding(`${prefix}resumes`, what, outcome);
  const left = compare(
    `${prefix}refuses-clean`,
    crashed,
    `${failure.message}; compared with what the interruption left`,
  );
  if (left.length > 0) return left.map((finding) => ({ ...finding, fault: failure.fault, at: failure.at }));
  if (!mustResume(context)) return [];
  const message = `${failure.message}; it is declared to be idempotent`;
  return [makeFinding(failure.clause, failure.object, message, { fault: failure.fault, at: failure.at })];
}

/** Refusing is enough unless the migration claims more. */
function mustResume({ migration: { declarations } }: JudgementContext): boolean {
  return declarations.rerun === 'idempotent' || declarations.claims.includes('idempotent');
}

function notesOf({ direction, where, outcome, missed, point }: InterruptionEvidence): readonly string[] {
  const notes: string[] = [];
  if (outcome.status !== 'completed')
    notes.push(
      `${direction} interrupted ${where}: the next run refuses and changes nothing; a person has to see what is left to do`,
    );
  // How often a statement commits hangs on the rows: being stopped after it instead is what was asked for.
  if (missed !== null && point.inside !== 'commits') notes.push(`${direction} ${where}: ${missed}`);
  return notes;
}

function asMoment(snapshot: Snapshot): Moment {
  return { name: 'after-up', step: null, snapshot, violations: [], invariantsAsked: [] };
}
