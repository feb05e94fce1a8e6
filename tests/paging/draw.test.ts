/** How an interleaving is drawn: a column for each session, whatever stands in the cells. */
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import type { HistoryStep, PagingHistory } from '../../harness/core/paging-history.ts';
import { checkHistory } from '../../properties/paging/clauses.ts';
import { drawHistory } from '../../properties/paging/draw.ts';
import { HISTORY_CASES } from './history-cases.ts';
import { makeHistory } from './make-history.ts';

function step(session: string, text: string, outcome = '', more: Partial<HistoryStep> = {}): HistoryStep {
  return { session, text, outcome, blockedBy: null, resumedAt: null, ...more };
}

const STEPS = [
  step('w1', 'BEGIN'),
  step('w1', "INSERT INTO public.events VALUES (3, '12:01')", '1 row'),
  step('r', 'page 1', 'rows 1, 2'),
  step('w2', "UPDATE public.events SET note = '猫' WHERE id = 3", 'blocked by w1', { blockedBy: 'w1', resumedAt: 5 }),
  step('w1', 'COMMIT'),
  step('w2', 'goes on', '0 rows'),
  step('r', 'page 2', 'rows 4'),
];

const SKIPPED = makeHistory({
  rows: [['1@12:00'], ['2@12:00'], ['3@12:01', { madeBy: '1' }], ['4@12:02']],
  pages: [
    { items: ['1@12:00', '2@12:00'], step: 2 },
    { sees: ['1'], items: ['4@12:02'], step: 6 },
  ],
  steps: STEPS,
});

it('should draw the steps of each session in its column, with snapshots and cursors beside the pages', () => {
  expect(`\n${drawHistory(SKIPPED, null).join('\n')}\n`).toMatchSnapshot();
});

it('should draw what visibility tells where sessions ran at once', () => {
  const { bad } = HISTORY_CASES[0] ?? { bad: SKIPPED };
  const [found = null] = checkHistory(bad);
  expect(`\n${drawHistory(bad, found).join('\n')}\n`).toMatchSnapshot();
});

it.each([1, 2, 3, 4, 7])('should keep within a hundred columns with %i writers and cells of any kind', (writers) => {
  const wild = ['猫'.repeat(60), 'x'.repeat(300), 'a\nb\tc', 'שלום \u202e', '👩‍👩‍👧‍👦'.repeat(30), ''];
  const steps = wild.flatMap((text, at) =>
    Array.from({ length: writers }, (_none, writer) =>
      step(`writer-${writer}`, text, wild[(at + writer) % wild.length]),
    ),
  );
  const history: PagingHistory = { ...SKIPPED, steps };
  const lines = drawHistory(history, null);
  expect(lines.length).toBeGreaterThan(wild.length);
  expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(100);
  expect(lines.join('')).not.toMatch(/[\n\t\u202e]/u);
});
