/**
 * The clauses of `cursor-stable` over a history, as a list: each says where it is asked and what contradicts it. A clause judges
 * alone; the test that drops one after the other shows that none is idle.
 */
import type { PagingHistory } from '../../harness/core/paging-history.ts';
import { judgeAtMostOnce, judgeComplete } from './complete.ts';
import type { Contradiction, PagingClause } from './contradiction.ts';
import { isDrained, judgeDelivered } from './delivered.ts';
import { viewHistory, type HistoryView, type ScanView } from './history-view.ts';
import { judgeMovedRows } from './moved-rows.ts';
import { judgeQuiescent } from './quiescent.ts';
import { judgeOrdered, judgeSound } from './sound.ts';
import { eraWords } from './words.ts';
import { judgeAnswers, judgeTerminates } from './terminates.ts';

export interface HistoryClause {
  readonly id: PagingClause;
  /** Whether it has anything to say of a scan. */
  readonly isAsked: (scan: ScanView) => boolean;
  readonly judge: (scan: ScanView) => readonly Contradiction[];
}

const isTail = ({ history }: ScanView): boolean => history.pager.kind === 'tail';
const isStill = (scan: ScanView): boolean => scan.history.mode === 'quiescent' && !isTail(scan);
const isBusy = (scan: ScanView): boolean => !scan.isJoint && !isStill(scan);

/** Clauses that a scan across a migration has to satisfy as any other. */
const JOINT = [judgeComplete, judgeSound, judgeAtMostOnce, judgeOrdered, judgeTerminates, judgeAnswers];

export const HISTORY_CLAUSES: readonly HistoryClause[] = [
  { id: 'complete', isAsked: (scan) => isBusy(scan) && !isTail(scan), judge: judgeComplete },
  { id: 'sound', isAsked: isBusy, judge: judgeSound },
  { id: 'at-most-once', isAsked: isBusy, judge: judgeAtMostOnce },
  { id: 'ordered', isAsked: isBusy, judge: judgeOrdered },
  { id: 'terminates', isAsked: (scan) => !scan.isJoint && !isTail(scan), judge: judgeTerminates },
  { id: 'answers', isAsked: ({ isJoint }) => !isJoint, judge: judgeAnswers },
  { id: 'moved-rows', isAsked: (scan) => !isStill(scan), judge: judgeMovedRows },
  { id: 'quiescent', isAsked: (scan) => isStill(scan) && !scan.isJoint, judge: judgeQuiescent },
  { id: 'delivered', isAsked: (scan) => isTail(scan) && isDrained(scan), judge: judgeDelivered },
  {
    id: 'across',
    isAsked: (scan) => scan.isJoint && !isTail(scan),
    judge: (scan) =>
      JOINT.flatMap((judge) => judge(scan)).map((found) => ({
        ...found,
        clause: 'across',
        because: [...found.because, ...eraWords(scan)],
      })),
  },
];

/** Where a history contradicts the clauses, in their order. It must have no flaws (`findFlaws`). */
export function checkHistory(
  history: PagingHistory,
  clauses: readonly HistoryClause[] = HISTORY_CLAUSES,
): readonly Contradiction[] {
  return checkView(viewHistory(history), clauses);
}

function checkView(view: HistoryView, clauses: readonly HistoryClause[]): readonly Contradiction[] {
  return clauses.flatMap((clause) =>
    view.scans.filter((scan) => clause.isAsked(scan)).flatMap((scan) => clause.judge(scan)),
  );
}
