/** What the tests of both twins share: a laboratory for all pairs, in which each is tried with one seed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_PROPERTIES } from '../../properties/catalogue.ts';
import { readFaultCases, type FaultCase } from './fault-cases.ts';
import { openFaultLab, type FaultLab } from './fault-lab.ts';

const SEED = 20_261_120;
const BAD_CASES = 40;
const TIMEOUT_MS = 600_000;

/** Tests that each bad twin of a dialect is falsified by its property, in its clause, with as few rows as it says. */
export function describeBadTwins(dialect: FaultCase['dialect']): void {
  const faults = readFaultCases().filter((fault) => fault.dialect === dialect);
  const inLab = openForTests();
  describe.each(ALL_PROPERTIES.map(({ id }) => id))(`bad migrations of %s on ${dialect}`, (property) => {
    it.each(faults.filter((fault) => fault.property === property))(
      'should falsify $name ($clause)',
      async (fault: FaultCase) => {
        const found = await inLab().reduceBad(fault, SEED, BAD_CASES);
        expect(found, 'the named clause is not falsified').not.toBeNull();
        expect(found?.rows, found?.reason).toBe(fault.minimalRows);
      },
      TIMEOUT_MS,
    );
  });
}

/** Tests that no property has anything to say against the good twins of a dialect, and that one holds. */
export function describeGoodTwins(dialect: FaultCase['dialect']): void {
  const faults = readFaultCases().filter((fault) => fault.dialect === dialect);
  const inLab = openForTests();
  describe(`good migrations on ${dialect}`, () => {
    it.each(faults)(
      'should hold in every property: $name',
      async (fault: FaultCase) => {
        expect(await inLab().judgeGood(fault, [SEED])).toEqual([]);
      },
      TIMEOUT_MS,
    );
  });
}

function openForTests(): () => FaultLab {
  let lab: FaultLab | null = null;
  beforeAll(() => {
    lab = openFaultLab(new AbortController().signal);
  });
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
  });
  return () => {
    if (lab === null) throw new TypeError('the laboratory is not open');
    return lab;
  };
}
