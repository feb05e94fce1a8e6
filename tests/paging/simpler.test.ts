/** Simpler interleavings stay such as the database can do them. */
import { describe, expect, it } from 'vitest';
import type { Interleaving } from '../../harness/core/interleaving.ts';
import { simplerInterleavings } from '../../harness/scenarios/paging/simpler-interleavings.ts';

const GIVEN: Interleaving = {
  isolation: 'serializable',
  transactionPer: 'page',
  limit: 2,
  steps: [
    { session: 'r1', op: 'page' },
    { session: 'w1', op: 'delete', key: { columns: ['id'], row: ['1'] } },
    { session: 'r1', op: 'page' },
  ],
};

describe('simpler interleavings', () => {
  it('should try a weaker level where there is one', () => {
    expect(simplerInterleavings(GIVEN).map(({ isolation }) => isolation)).toContain('read-committed');
  });

  it('should keep the level where the database has no other', () => {
    const simpler = simplerInterleavings({ ...GIVEN, hasOneLevel: true });
    expect(simpler.length).toBeGreaterThan(0);
    expect(new Set(simpler.map(({ isolation }) => isolation))).toEqual(new Set(['serializable']));
  });
});
