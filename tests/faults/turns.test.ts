/** Seeds that share a campaign see what each would see alone. */
import { afterAll, describe, expect, it } from 'vitest';
import { seedsOf, turnAt } from '../../harness/campaign/turns.ts';
import { readFaultCases, type FaultCase } from './fault-cases.ts';
import { openFaultLab } from './fault-lab.ts';

const lab = openFaultLab(new AbortController().signal);
const SEEDS = [3, 1, 9];

afterAll(() => lab[Symbol.asyncDispose]());

function named(name: string): FaultCase {
  const found = readFaultCases().find((fault) => fault.name === name);
  if (found === undefined) throw new TypeError(`there is no pair ${name}`);
  return found;
}

describe('seeds that take turns', () => {
  it('should each have their own cases, one after the other', () => {
    const plan = { seed: 0, turns: { seeds: [7, 8], isOut: () => false } };
    expect([0, 1, 2, 3].map((at) => turnAt(plan, at))).toEqual([
      { seed: 7, index: 0 },
      { seed: 8, index: 0 },
      { seed: 7, index: 1 },
      { seed: 8, index: 1 },
    ]);
    expect(seedsOf({ seed: 5 })).toEqual([5]);
    expect(turnAt({ seed: 5 }, 3)).toEqual({ seed: 5, index: 3 });
  });

  it.each([
    'applies/rebuild-with-not-null',
    'cursor-stable/offset-shifts-under-writes-sqlite',
    'rollback-after-writes/second-number-has-no-place-sqlite',
    'has-effect/placeholder-statement',
  ])('should need as many cases as each alone: %s', async (name) => {
    const fault = named(name);
    const together = await lab.findBad(fault, SEEDS);
    const alone: (number | null)[] = [];
    for (const seed of SEEDS) alone.push(...(await lab.findBad(fault, [seed])));
    expect(together).toEqual(alone);
    expect(together).not.toContain(null);
  });

  it('should not say of a seed that it found what another one did', async () => {
    const fault = { ...named('applies/rebuild-with-not-null'), clause: 'no-such-clause' };
    expect(await lab.reduceBad(fault, 1, 2)).toBeNull();
  });
});
