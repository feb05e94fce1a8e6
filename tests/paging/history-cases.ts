/** A pair of histories for each clause: the bad one contradicts that clause and no other, the good one contradicts none. */
import type { PagingHistory } from '../../harness/core/paging-history.ts';
import type { PagingClause } from '../../properties/paging/contradiction.ts';
import { makeHistory, type HistorySketch } from './make-history.ts';

interface HistoryCase {
  readonly clause: PagingClause;
  readonly name: string;
  readonly bad: PagingHistory;
  readonly good: PagingHistory;
}

const THREE = [['1@12:00'], ['2@12:00'], ['3@12:01']] as const;

function pair(clause: PagingClause, name: string, good: HistorySketch, bad: Partial<HistorySketch>): HistoryCase {
  return { clause, name, good: makeHistory(good), bad: makeHistory({ ...good, ...bad }) };
}

const BUSY: HistorySketch = {
  rows: [...THREE, ['4@12:02', { madeBy: '1' }]],
  pages: [
    { items: ['1@12:00', '2@12:00'] },
    { sees: ['1'], items: ['3@12:01', '4@12:02'] },
    { sees: ['1'], items: [] },
  ],
};

export const HISTORY_CASES: readonly HistoryCase[] = [
  pair('complete', 'a row between two pages is skipped', BUSY, {
    pages: [{ items: ['1@12:00', '2@12:00'] }, { sees: ['1'], items: ['4@12:02'] }],
  }),
  pair(
    'complete',
    'a row whose key went away and came back is returned twice',
    {
      ...BUSY,
      movedRows: 'may-miss',
      rows: [
        ['1@12:00', { endedBy: '1', endedHow: 'update' }],
        ['1@12:09', { madeBy: '1', endedBy: '2', endedHow: 'update' }],
        ['1@12:00', { madeBy: '2' }],
        ['2@12:00'],
        ['3@12:01'],
      ],
      pages: [{ items: ['1@12:00', '2@12:00'] }, { sees: ['1', '2'], items: ['3@12:01'] }],
    },
    {
      pages: [
        { items: ['1@12:00'], cursorOut: 'x' },
        { sees: ['1', '2'], items: ['1@12:00'] },
        { sees: ['1', '2'], items: ['2@12:00', '3@12:01'] },
      ],
    },
  ),
  pair(
    'sound',
    'a row is returned that was never committed',
    { ...BUSY, rows: [...THREE, ['4@12:02', { madeBy: '1' }]] },
    {
      transactions: [{ id: '1', session: 'w1', outcome: 'rolled-back' }],
    },
  ),
  pair(
    'sound',
    'a row is returned that was deleted before',
    {
      rows: [...THREE, ['4@12:02', { endedBy: '1' }]],
      pages: [
        { sees: ['1'], items: ['1@12:00', '2@12:00'] },
        { sees: ['1'], items: ['3@12:01'] },
      ],
    },
    {
      pages: [
        { sees: ['1'], items: ['1@12:00', '2@12:00'] },
        { sees: ['1'], items: ['3@12:01', '4@12:02'] },
      ],
    },
  ),
  pair(
    'at-most-once',
    'an insert ahead of an offset',
    {
      rows: [...THREE, ['0@11:00', { madeBy: '1' }]],
      pages: [{ items: ['1@12:00', '2@12:00'] }, { sees: ['1'], items: ['3@12:01'] }],
    },
    {
      pages: [
        { items: ['1@12:00', '2@12:00'], cursorOut: '2' },
        { sees: ['1'], items: ['2@12:00', '3@12:01'] },
      ],
    },
  ),
  pair(
    'ordered',
    'a page goes back behind the cursor',
    {
      rows: [['1@12:00'], ['3@12:01'], ['2@12:00', { madeBy: '1' }]],
      pages: [{ items: ['1@12:00', '3@12:01'] }, { sees: ['1'], items: [] }],
    },
    {
      pages: [{ items: ['1@12:00', '3@12:01'] }, { sees: ['1'], items: ['2@12:00'] }],
    },
  ),
  pair('terminates', 'the cursor comes back', BUSY, {
    pages: [
      { items: ['1@12:00', '2@12:00'] },
      { sees: ['1'], items: ['3@12:01', '4@12:02'] },
      { sees: ['1'], items: [], cursorOut: '12:02|4' },
    ],
    scan: { ended: 'cut' },
  }),
  pair('terminates', 'empty pages go on and on', BUSY, {
    pages: [
      { items: ['1@12:00', '2@12:00'] },
      { sees: ['1'], items: ['3@12:01', '4@12:02'] },
      { sees: ['1'], items: [], cursorOut: 'a' },
      { sees: ['1'], items: [], cursorOut: 'b' },
    ],
    scan: { ended: 'cut' },
  }),
  pair('answers', 'the cursor of a NULL is refused', BUSY, {
    pages: [{ items: ['1@12:00', '2@12:00'] }],
    scan: {
      ended: 'failed',
      failure: {
        message: 'invalid input syntax for type timestamp: "null"',
        fault: null,
        isConcurrency: false,
        isDeclaredRefusal: false,
      },
    },
  }),
  pair(
    'moved-rows',
    'an ordinary update moves a row',
    {
      ...BUSY,
      movedRows: 'may-miss',
      rows: [...THREE.slice(0, 2), ['3@12:01', { endedBy: '1', endedHow: 'update' }], ['3@12:03', { madeBy: '1' }]],
      pages: [{ items: ['1@12:00', '2@12:00'] }, { sees: ['1'], items: ['3@12:03'] }],
    },
    { movedRows: 'forbid' },
  ),
  pair(
    'moved-rows',
    'a row moves back behind the cursor',
    {
      movedRows: 'at-least-once',
      rows: [...THREE.slice(0, 2), ['3@12:01', { endedBy: '1', endedHow: 'update' }], ['3@12:03', { madeBy: '1' }]],
      pages: [{ items: ['1@12:00', '2@12:00'] }, { sees: ['1'], items: ['3@12:03'] }],
    },
    {
      rows: [...THREE.slice(0, 2), ['3@12:01', { endedBy: '1', endedHow: 'update' }], ['3@11:00', { madeBy: '1' }]],
      pages: [{ items: ['1@12:00', '2@12:00'] }, { sees: ['1'], items: [] }],
    },
  ),
  pair(
    'quiescent',
    'a page has more rows than it was asked for',
    {
      mode: 'quiescent',
      rows: THREE,
      pages: [{ items: ['1@12:00', '2@12:00'] }, { items: ['3@12:01'] }],
    },
    { pages: [{ items: ['1@12:00', '2@12:00', '3@12:01'] }] },
  ),
  pair(
    'quiescent',
    'the end is missing',
    {
      mode: 'quiescent',
      rows: THREE,
      pages: [{ items: ['1@12:00', '2@12:00'] }, { items: ['3@12:01'] }],
    },
    { pages: [{ items: ['1@12:00', '2@12:00'] }] },
  ),
  pair(
    'quiescent',
    'the way back is not the mirror',
    {
      mode: 'quiescent',
      rows: THREE,
      pages: [{ items: ['3@12:01', '2@12:00'] }, { items: ['1@12:00'] }],
      scan: { direction: 'backward' },
    },
    { pages: [{ items: ['3@12:01', '1@12:00'] }, { items: ['2@12:00'] }] },
  ),
  pair(
    'delivered',
    'a transaction commits after a later key was delivered',
    {
      kind: 'tail',
      rows: [['1@12:00'], ['2@12:01', { madeBy: '1' }], ['3@12:02', { madeBy: '2' }]],
      pages: [
        { sees: ['2'], items: ['1@12:00'] },
        { sees: ['1', '2'], items: ['2@12:01', '3@12:02'] },
        { sees: ['1', '2'], items: [], cursorOut: '12:02|3' },
      ],
    },
    {
      pages: [
        { sees: ['2'], items: ['1@12:00', '3@12:02'] },
        { sees: ['1', '2'], items: [], cursorOut: '12:02|3' },
      ],
    },
  ),
  pair(
    'across',
    'a cursor from before the up skips a row after it',
    {
      ...BUSY,
      pages: [
        { items: ['1@12:00', '2@12:00'], era: 'before-up' },
        { sees: ['1'], items: ['3@12:01', '4@12:02'], era: 'after-up' },
        { sees: ['1'], items: [], era: 'after-up' },
      ],
    },
    {
      pages: [
        { items: ['1@12:00', '2@12:00'], era: 'before-up' },
        { sees: ['1'], items: ['4@12:02'], era: 'after-up' },
      ],
    },
  ),
  pair(
    'across',
    'a cursor from before the up is refused by an error that nobody declared',
    {
      ...BUSY,
      pages: [{ items: ['1@12:00', '2@12:00'], era: 'before-up' }],
      scan: {
        ended: 'failed',
        failure: {
          message: 'invalid cursor',
          fault: null,
          isConcurrency: false,
          isDeclaredRefusal: true,
          era: 'after-up',
        },
      },
    },
    {
      scan: {
        ended: 'failed',
        failure: {
          message: 'column "at" does not exist',
          fault: null,
          isConcurrency: false,
          isDeclaredRefusal: false,
          era: 'after-up',
        },
      },
    },
  ),
];
