import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inOrder } from '../../harness/campaign/in-order.ts';

interface Watched {
  readonly taken: string[];
  most: number;
  running: number;
}

/** Work whose later parts end first, watched. */
function watch(total: number, inFlight: number, over: Partial<Parameters<typeof inOrder<number>>[0]> = {}) {
  const seen: Watched & { readonly lanes: number[] } = { taken: [], most: 0, running: 0, lanes: [] };
  const work = {
    total,
    inFlight,
    goesOn: () => true,
    begin: async (index: number, lane: number) => {
      seen.lanes.push(lane);
      seen.most = Math.max(seen.most, ++seen.running);
      await sleep((total - index) * 3);
      seen.running--;
      return index * 10;
    },
    takeIn: async (outcome: number, index: number, lane: number) => {
      seen.taken.push(`${index}:${outcome}@${lane}`);
      await sleep(1);
    },
    ...over,
  };
  return { seen, run: () => inOrder(work) };
}

describe('work in order', () => {
  it('should take outcomes in by their order, not by when they end', async () => {
    const { seen, run } = watch(5, 3);
    expect(await run()).toBe(5);
    expect(seen.taken).toEqual(['0:0@0', '1:10@1', '2:20@2', '3:30@0', '4:40@1']);
  });

  it('should have no more under way than it may, and as many as it may', async () => {
    const { seen, run } = watch(6, 3);
    await run();
    expect(seen.most).toBe(3);
  });

  it('should not use a lane again before its outcome was taken in', async () => {
    const busy = new Set<number>();
    const { run } = watch(6, 2, {
      begin: async (index, lane) => {
        expect(busy.has(lane)).toBe(false);
        busy.add(lane);
        await sleep(2);
        return index;
      },
      takeIn: async (_, index) => void busy.delete(index % 2),
    });
    expect(await run()).toBe(6);
  });

  it('should stop where it no longer goes on, waiting for what it began and dropping it', async () => {
    let taken = 0;
    const { seen, run } = watch(9, 3, {
      goesOn: () => taken < 2,
      takeIn: async () => void taken++,
    });
    expect(await run()).toBe(2);
    expect({ taken, running: seen.running, begun: seen.lanes.length }).toEqual({ taken: 2, running: 0, begun: 4 });
  });

  it('should fail as the first in order failed, whichever failed first, with nothing left running', async () => {
    let running = 0;
    const { seen, run } = watch(4, 4, {
      begin: async (index) => {
        running++;
        await sleep((4 - index) * 3);
        running--;
        if (index >= 1) throw new Error(`no ${index}`);
        return index;
      },
    });
    await expect(run()).rejects.toThrow('no 1');
    expect(seen.taken).toEqual(['0:0@0']);
    expect(running).toBe(0);
  });
});
