/** Which version followed which, from what the database told of each write, in whatever order it was heard. */
import { describe, expect, it } from 'vitest';
import { markOf, type WrittenRow } from '../../harness/core/session.ts';
import { linkVersions, type SentRecord, type WriteOp } from '../../harness/scenarios/paging/link-versions.ts';

const START: readonly WrittenRow[] = [{ cells: ['1', 'a'], before: '700' }];
const FAR = String(3n * 2n ** 32n);

type Write = readonly [op: WriteOp, id: string, key: string, before: string | null];

function sent(
  session: string,
  transaction: string,
  writes: readonly Write[],
  outcome: 'committed' | 'rolled-back' = 'committed',
): SentRecord {
  return {
    session,
    ops: writes.map(([op]) => op),
    answer: {
      outcome,
      transaction,
      mark: null,
      fault: null,
      writes: writes.map(([, id, key, before]) => [{ cells: [id, key], before }]),
    },
  };
}

function link(records: readonly SentRecord[]) {
  const { versions, unexplained } = linkVersions(START, records, ([id = null, key = null]) => ({
    identity: [id],
    key: [key],
    matches: true,
  }));
  const told = versions.map(
    ({ identity, key, incarnation, madeBy, endedBy, endedHow }) =>
      `${identity[0]}/${incarnation} ${key[0]} ${madeBy?.id ?? 'start'} ${endedBy === null ? 'stays' : `${endedHow} ${endedBy.id}`}`,
  );
  return { told: told.toSorted(), unexplained };
}

describe('versions of writers at once', () => {
  it('should follow each other as the database says, whatever order their answers and numbers are in', () => {
    const first = sent('w2', '902', [['update', '1', 'b', '700']]);
    const second = sent('w1', '901', [['update', '1', 'c', '902']]);
    const expected = ['1/1 a start update 902', '1/1 b 902 update 901', '1/1 c 901 stays'];
    expect(link([first, second]).told).toEqual(expected);
    expect(link([second, first]).told).toEqual(expected);
  });

  it('should leave a version in place that only an undone transaction replaced', () => {
    const undone = sent('w1', '901', [['delete', '1', 'a', '700']], 'rolled-back');
    const after = sent('w2', '902', [['update', '1', 'b', '700']]);
    expect(link([undone]).told).toEqual(['1/1 a start stays']);
    expect(link([after, undone]).told).toEqual(['1/1 a start update 902', '1/1 b 902 stays']);
  });

  it('should begin another life after a delete, and follow one transaction in its own order', () => {
    const all = sent('w1', '901', [
      ['delete', '1', 'a', '700'],
      ['insert', '1', 'b', null],
      ['update', '1', 'c', '901'],
    ]);
    expect(link([all]).told).toEqual(['1/1 a start delete 901', '1/2 b 901 update 901', '1/2 c 901 stays']);
  });

  it('should know a transaction beyond 2^32 by the bits that a version keeps of it', () => {
    const far = String(BigInt(FAR) + 5n);
    const records = [
      sent('w1', far, [['update', '1', 'b', '700']]),
      sent('w2', String(BigInt(far) + 1n), [['delete', '1', 'b', markOf(far)]]),
    ];
    expect(link(records).told).toEqual([`1/1 a start update ${far}`, `1/1 b ${far} delete ${BigInt(far) + 1n}`]);
  });

  it('should name a write that replaced a version of which nobody told', () => {
    expect(link([sent('w1', '901', [['update', '1', 'b', '888']])]).unexplained).toHaveLength(1);
  });
});
