/**
 * `cursor-stable`: whoever turns pages by a cursor while others write misses no row, and gets none twice.
 * It is judged over the scenario `paging`, whose traces carry histories of versions, snapshots and pages.
 */
import { evidenceOf } from '../harness/core/evidence.ts';
import type { PagingEvidence, PagingHistory } from '../harness/core/paging-history.ts';
import type { Exhibit, Finding, Property } from '../harness/core/property.ts';
import type { Trace } from '../harness/core/trace.ts';
import { makeFinding } from './compare/state.ts';
import { checkHistory } from './paging/clauses.ts';
import { PAGING_LAWS, type Contradiction } from './paging/contradiction.ts';
import { drawHistory } from './paging/draw.ts';
import { checkEvidence } from './paging/evidence-clauses.ts';
import { findFlaws } from './paging/flaws.ts';
import { owedOf, seenIn } from './paging/witnesses.ts';

export const cursorStable: Property = {
  id: 'cursor-stable',
  title: 'A cursor neither skips nor repeats',
  law: 'page₁ ++ … ++ pageₙ = the rows that were there throughout, each once, in the order K',
  clauses: PAGING_LAWS,
  scenario: 'paging',
  needs: 'after-up',
  quantifier: 'every-case',
  inapplicable: ({ pagerIds }) =>
    pagerIds.length === 0 ? 'no declared pager turns pages through what this migration touches' : null,
  obligations: () => [],
  judge(trace, { pagerIds }) {
    const evidence = evidenceOf(trace, 'paging');
    if (evidence === null) return { status: 'unjudged', reason: trace.endedEarly ?? 'no page was turned' };
    const flaw = evidence.histories.flatMap(findFlaws)[0];
    if (flaw !== undefined)
      return { status: 'unjudged', reason: `the history of ${evidence.pager} cannot be judged: ${flaw}` };
    const findings = firstOfEachClause(checkEvidence(evidence)).map((found) => findingOf(evidence, found));
    if (findings.length > 0) return { status: 'falsified', findings };
    return { status: 'held', notes: [], seen: seenIn(evidence), owed: owedOf(evidence, pagerIds) };
  },
  exhibit: exhibitOf,
};

function firstOfEachClause(found: readonly Contradiction[]): readonly Contradiction[] {
  return found.filter(({ clause }, at) => found.findIndex((other) => other.clause === clause) === at);
}

function findingOf({ pager }: PagingEvidence, { clause, message, because }: Contradiction): Finding {
  const why = because.length === 0 ? '' : `: ${because.join('; ')}`;
  return makeFinding(clause, `pager ${pager}`, `with the pager ${pager}, ${message}${why}`);
}

/** The history that shows the finding, drawn. */
function exhibitOf(trace: Trace, finding: Finding): Exhibit | null {
  const evidence = evidenceOf(trace, 'paging');
  for (const history of evidence?.histories ?? []) {
    const about = contradictionIn(history, finding);
    if (about !== undefined)
      return { interleaving: [...drawHistory(history, about), ...oftenWords(evidence, finding)], history };
  }
  return null;
}

/** Where sessions were at work at once, how often the same work showed it. */
function oftenWords(evidence: PagingEvidence | null, finding: Finding): readonly string[] {
  const runs = (evidence?.histories ?? []).filter(({ mode }) => mode === 'overlapping');
  if (runs.length < 2) return [];
  const shown = runs.filter((history) => contradictionIn(history, finding) !== undefined);
  return ['', `seen in ${shown.length} of ${runs.length} runs of the same writers and readers at once`];
}

function contradictionIn(history: PagingHistory, finding: Finding): Contradiction | undefined {
  if (findFlaws(history).length > 0) return undefined;
  return checkHistory(history).find(({ clause }) => clause === finding.clause);
}
