/** Each clause of `cursor-stable` on hand-made histories, and that none of them is idle. */
import { describe, expect, it } from 'vitest';
import type { CodecProbe, PagePlan, PagingEvidence } from '../../harness/core/paging-history.ts';
import { checkHistory, HISTORY_CLAUSES } from '../../properties/paging/clauses.ts';
import { PAGING_LAWS, type PagingClause } from '../../properties/paging/contradiction.ts';
import { checkEvidence, EVIDENCE_CLAUSES } from '../../properties/paging/evidence-clauses.ts';
import { findFlaws } from '../../properties/paging/flaws.ts';
import { HISTORY_CASES } from './history-cases.ts';
import { makeHistory } from './make-history.ts';

const named = HISTORY_CASES.map((entry) => [`${entry.clause}: ${entry.name}`, entry] as const);

describe('a history', () => {
  it.each(named)('should contradict %s, and nothing else', (_name, { bad, clause }) => {
    expect(findFlaws(bad)).toEqual([]);
    const found = checkHistory(bad);
    expect(new Set(found.map((contradiction) => contradiction.clause))).toEqual(new Set([clause]));
  });

  it.each(named)('should contradict nothing where not so: %s', (_name, { good }) => {
    expect(findFlaws(good)).toEqual([]);
    expect(checkHistory(good)).toEqual([]);
  });

  it.each(named)('should say why: %s', (_name, { bad }) => {
    const told = checkHistory(bad).map(({ message, because }) => [message, ...because]);
    expect(told).toMatchSnapshot();
  });
});

describe('the list of clauses', () => {
  it.each(HISTORY_CLAUSES.map(({ id }) => id))('should let a bad history pass where %s is dropped', (dropped) => {
    const left = HISTORY_CLAUSES.filter(({ id }) => id !== dropped);
    const passed = HISTORY_CASES.filter(({ bad }) => checkHistory(bad, left).length === 0);
    expect(passed.length).toBeGreaterThan(0);
    expect(new Set(passed.map(({ clause }) => clause))).toEqual(new Set([dropped]));
  });
});

describe('the clauses that no history shows', () => {
  const NOTHING: PagingEvidence = {
    kind: 'paging',
    pager: 'p',
    steps: [],
    histories: [],
    codec: [],
    plans: [],
    order: null,
    promises: { indexes: ['p_idx'], maxCostRatio: 2 },
    isCrossing: false,
    shown: '',
  };
  const first: PagePlan = { page: 'first', era: 'steady', index: 'p_idx', cost: '1', text: 'Index Scan' };
  const probe: CodecProbe = { key: ['1'], cursor: '1', outcome: 'kept', message: null };
  const EVIDENCE: readonly (readonly [clause: PagingClause, bad: PagingEvidence, good: PagingEvidence])[] = [
    ['total-order', { ...NOTHING, order: 'created_at may tie' }, NOTHING],
    [
      'codec',
      { ...NOTHING, codec: [{ ...probe, outcome: 'changed' }] },
      { ...NOTHING, codec: [probe, { key: null, cursor: '?', outcome: 'refused', message: 'no cursor' }] },
    ],
    [
      'codec',
      { ...NOTHING, codec: [{ key: null, cursor: '?', outcome: 'accepted', message: null }] },
      { ...NOTHING, codec: [probe] },
    ],
    ['index', { ...NOTHING, plans: [{ ...first, index: null }] }, { ...NOTHING, plans: [first] }],
    [
      'index',
      { ...NOTHING, plans: [first, { ...first, page: 'deep', cost: '2.5' }] },
      { ...NOTHING, plans: [first, { ...first, page: 'deep', cost: '1.9' }] },
    ],
  ];

  it.each(EVIDENCE)('should contradict %s where it is bad, and nothing where it is good', (clause, bad, good) => {
    expect(checkEvidence(bad).map((found) => found.clause)).toEqual([clause]);
    expect(checkEvidence(good)).toEqual([]);
  });

  it.each(EVIDENCE_CLAUSES.map(({ id }) => id))('should let bad evidence pass where %s is dropped', (dropped) => {
    const left = EVIDENCE_CLAUSES.filter(({ id }) => id !== dropped);
    const passed = EVIDENCE.filter(([, bad]) => checkEvidence(bad, left).length === 0);
    expect(new Set(passed.map(([clause]) => clause))).toEqual(new Set([dropped]));
  });

  it('should be all that there are, with those of histories', () => {
    const ids = [...HISTORY_CLAUSES, ...EVIDENCE_CLAUSES].map(({ id }) => id);
    expect(ids.toSorted()).toEqual(PAGING_LAWS.map(({ id }) => id).toSorted());
  });
});

describe('the pages that a scan may take', () => {
  const rows = [['1@12:00'], ['2@12:00']] as const;
  const late = { madeBy: '1' } as const;

  it('should count rows that came ahead of the cursor, and not those that came behind it', () => {
    const pages = [
      { items: ['1@12:00'] },
      { sees: ['1'], items: ['2@12:00'] },
      { sees: ['1'], items: ['3@12:01'] },
      { sees: ['1'], items: [] },
    ];
    expect(checkHistory(makeHistory({ rows: [...rows, ['3@12:01', late]], limit: 1, pages }))).toEqual([]);
    const behind = [...pages.slice(0, 2), { sees: ['1'], items: [], cursorOut: 'c' }, { sees: ['1'], items: [] }];
    const [found] = checkHistory(makeHistory({ rows: [...rows, ['0@11:00', late]], limit: 1, pages: behind }));
    expect(found?.message).toContain(
      'with 2 rows at its first page, 0 that entered ahead of it and 1 a page, 3 pages must do',
    );
  });

  it('should let a pager that goes on until a page is empty meet a row after a short page', () => {
    const pages = [
      { items: ['1@12:00', '2@12:00'] },
      { items: [], cursorOut: 'a' },
      { sees: ['1'], items: ['3@12:01'] },
      { sees: ['1'], items: [] },
    ];
    expect(checkHistory(makeHistory({ rows: [...rows, ['3@12:01', late]], pages }))).toEqual([]);
  });
});

describe('a history that cannot be judged', () => {
  const base = { rows: [['1@12:00'], ['2@12:01', { madeBy: '1' }]], pages: [{ items: ['1@12:00'] }] } as const;

  it.each([
    [
      'that sees less',
      { ...base, pages: [{ sees: ['1'], items: [] }, { items: [] }] },
      'page 2 of r sees less than the page before it',
    ],
    ['that names an unknown transaction', { ...base, transactions: [] }, 'transactions that it does not list: 1'],
    [
      'with two lasting versions of a row',
      { ...base, rows: [['1@12:00'], ['1@12:05']] },
      'row 1 has two versions that nothing ended',
    ],
    [
      'whose one transaction sees more as it goes on',
      {
        ...base,
        pages: [{ items: [] }, { sees: ['1'], items: [] }],
        scan: { isolation: 'repeatable-read', transactionPer: 'scan' },
      },
      'page 2 of r sees transaction 1',
    ],
  ] as const)('should be one %s', (_name, sketch, flaw) => {
    expect(findFlaws(makeHistory(sketch)).join('\n')).toContain(flaw);
  });
});
