/** The clauses that are judged beside histories: the cursor's codec, the plans of pages, and the order itself. */
import type { CodecProbe, PagePlan, PagingEvidence } from '../../harness/core/paging-history.ts';
import { checkHistory } from './clauses.ts';
import type { Contradiction, PagingClause } from './contradiction.ts';
import { eraOf, keyWords } from './words.ts';

const NOWHERE = { because: [], row: null, scan: null, pages: [] } as const;

/** An order that leaves rows with equal keys in no order. */
export function judgeOrder({ order }: PagingEvidence): readonly Contradiction[] {
  if (order === null) return [];
  const because = ['rows with equal keys stand in no order, and a page boundary between them skips or repeats some'];
  return [{ ...NOWHERE, clause: 'total-order', message: order, because }];
}

/** 8: a cursor that does not come back as it went, one that is refused though it was made here, and a broken one that is not refused. */
export function judgeCodec({ codec }: PagingEvidence): readonly Contradiction[] {
  return codec.flatMap((probe): readonly Contradiction[] => {
    const message = codecFault(probe);
    return message === null ? [] : [{ ...NOWHERE, clause: 'codec', message }];
  });
}

function codecFault({ key, cursor, outcome, message }: CodecProbe): string | null {
  const said = message === null ? '' : `: ${message}`;
  if (key !== null) {
    if (outcome === 'kept') return null;
    const what = `the cursor ${cursor}, made of the key ${keyWords(key)},`;
    return outcome === 'changed' || outcome === 'accepted'
      ? `${what} does not start the next page just after that key${said}`
      : `${what} is not taken back${said}`;
  }
  if (outcome === 'refused') return null;
  return outcome === 'failed'
    ? `the broken cursor ${cursor} ends in an error that does not say that it is the cursor which is wrong${said}`
    : `the broken cursor ${cursor} is taken as if it were whole${said}`;
}

/** 10: a page whose plan reads no declared index, and a deep page that costs more than was declared. */
export function judgePlans({ plans, promises }: PagingEvidence): readonly Contradiction[] {
  if (promises.indexes.length === 0) return [];
  const unused = plans.flatMap((plan): readonly Contradiction[] => {
    if (plan.index !== null) return [];
    const message = `${planWords(plan)} reads none of ${promises.indexes.join(', ')}: ${firstLine(plan.text)}`;
    return [{ ...NOWHERE, clause: 'index', message }];
  });
  return [...unused, ...judgeCosts(plans, promises.maxCostRatio)];
}

function judgeCosts(plans: readonly PagePlan[], maxCostRatio: number | null): readonly Contradiction[] {
  if (maxCostRatio === null) return [];
  return plans.flatMap((plan): readonly Contradiction[] => {
    const first = plans.find(({ page, era }) => page === 'first' && era === plan.era)?.cost ?? null;
    if (plan.page !== 'deep' || plan.cost === null || first === null) return [];
    if (Number(plan.cost) <= Number(first) * maxCostRatio) return [];
    const message = `${planWords(plan)} costs ${plan.cost}, more than ${maxCostRatio} times the ${first} of the first one: it grows with the number of the page`;
    return [{ ...NOWHERE, clause: 'index', message }];
  });
}

function planWords({ page, era }: PagePlan): string {
  const which = { first: 'the first page', next: 'the second page', deep: 'a page deep in the table' }[page];
  const when = era === 'steady' ? '' : `, ${eraOf(era)},`;
  return `${which}${when}`;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.trim() ?? '';
}

export interface EvidenceClause {
  readonly id: PagingClause;
  readonly judge: (evidence: PagingEvidence) => readonly Contradiction[];
}

/** The clauses that no history can show; with those of histories they are all that there are. */
export const EVIDENCE_CLAUSES: readonly EvidenceClause[] = [
  { id: 'total-order', judge: judgeOrder },
  { id: 'codec', judge: judgeCodec },
  { id: 'index', judge: judgePlans },
];

/** Where the evidence of a case contradicts the clauses: those of its histories first. Histories must have no flaws. */
export function checkEvidence(
  evidence: PagingEvidence,
  clauses: readonly EvidenceClause[] = EVIDENCE_CLAUSES,
): readonly Contradiction[] {
  return [
    ...evidence.histories.flatMap((history) => checkHistory(history)),
    ...clauses.flatMap(({ judge }) => judge(evidence)),
  ];
}
