/** The checker against a model of a database: right pagers never contradict a clause, wrong ones soon do. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkHistory } from '../../properties/paging/clauses.ts';
import { findFlaws } from '../../properties/paging/flaws.ts';
import { simPlan, simulate } from './simulate.ts';
import { AT_LEAST_ONCE, RIGHT, WRONG } from './sim-pagers.ts';

it.each(RIGHT.map((pager, at) => ({ ...pager, histories: at === 0 ? 2000 : 700 })))(
  'should find nothing against the pager $name in $histories histories',
  ({ histories, ...pager }) => {
    fc.assert(
      fc.property(simPlan, (plan) => {
        const history = simulate(plan, pager);
        expect(findFlaws(history)).toEqual([]);
        expect(checkHistory(history)).toEqual([]);
      }),
      { numRuns: histories, seed: 5 },
    );
  },
);

it.each(WRONG)('should falsify the pager $name within 50 histories on each of 20 seeds', (pager) => {
  for (let seed = 1; seed <= 20; seed++) {
    const plans = fc.sample(simPlan, { numRuns: 50, seed });
    const histories = plans.map((plan) => simulate(plan, pager));
    expect(histories.flatMap(findFlaws)).toEqual([]);
    expect(
      histories.some((history) => checkHistory(history).length > 0),
      `seed ${seed}`,
    ).toBe(true);
  }
});

it('should see that a row which moved back behind the cursor did not come, where it must', () => {
  const clauses = fc
    .sample(simPlan, { numRuns: 500, seed: 1 })
    .flatMap((plan) => checkHistory(simulate(plan, AT_LEAST_ONCE)))
    .map(({ clause }) => clause);
  expect(clauses).toContain('moved-rows');
  expect(new Set(clauses)).toEqual(new Set(['moved-rows']));
});
