/**
 * Several cases at once, judged as if they came one after another.
 */

export interface OrderedWork<Outcome> {
  /** How many there are at most. */
  readonly total: number;
  /** How many may be under way or waiting for their turn. */
  readonly inFlight: number;
  /** Asked before each is taken in, in order: false ends the work there. */
  goesOn(): boolean;
  /** Begins one. Called in order; `lane`, below `inFlight`, is its own until it was taken in. */
  begin(index: number, lane: number): Promise<Outcome>;
  /** Takes one in. Called in order, one at a time. */
  takeIn(outcome: Outcome, index: number, lane: number): Promise<void>;
}

type Settled<Outcome> =
  | { readonly status: 'fulfilled'; readonly value: Outcome }
  | { readonly status: 'rejected'; readonly reason: unknown };

/**
 * Does the work and returns how many were taken in: what `takeIn` sees does not depend on `inFlight`. What was begun beyond the end is
 * waited for and dropped. Throws what `takeIn` throws, and what the first that failed threw, when its turn comes, with nothing left running.
 */
export async function inOrder<Outcome>(work: OrderedWork<Outcome>): Promise<number> {
  const underWay: Promise<Settled<Outcome>>[] = [];
  let begun = 0;
  let done = 0;
  try {
    for (; done < work.total && work.goesOn(); done++) {
      for (; begun < Math.min(work.total, done + work.inFlight); begun++)
        underWay.push(settle(work.begin(begun, begun % work.inFlight)));
      const settled = await underWay.shift();
      if (settled === undefined) break;
      if (settled.status === 'rejected') throw settled.reason;
      await work.takeIn(settled.value, done, done % work.inFlight);
    }
  } finally {
    await Promise.all(underWay);
  }
  return done;
}

/** Failures wait for their turn without being reported as nobody's. */
async function settle<Outcome>(running: Promise<Outcome>): Promise<Settled<Outcome>> {
  try {
    return { status: 'fulfilled', value: await running };
  } catch (reason) {
    return { status: 'rejected', reason };
  }
}
