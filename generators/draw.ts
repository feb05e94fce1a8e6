/**
 * The one source of chance. Everything in this folder draws from a `Draw`, which wraps fast-check's generator, so a case is a pure
 * function of its seed on every machine: no clock, no locale, no global state.
 */
import * as fc from 'fast-check';

/** Random choices over one stream of fast-check's generator. */
export class Draw {
  readonly random: fc.Random;

  constructor(random: fc.Random) {
    this.random = random;
  }

  /** An integer from `min` to `max`, both included. */
  integer(min: number, max: number): number {
    return min >= max ? min : this.random.nextInt(min, max);
  }

  /** A bigint from `min` to `max`, both included. */
  bigint(min: bigint, max: bigint): bigint {
    return min >= max ? min : this.random.nextBigInt(min, max);
  }

  /** True in `percent` of a hundred cases. */
  chance(percent: number): boolean {
    return percent >= 100 || (percent > 0 && this.random.nextInt(0, 99) < percent);
  }

  /** One of `items`, which must not be empty. */
  pick<T>(items: readonly T[]): T {
    return items[items.length === 1 ? 0 : this.random.nextInt(0, items.length - 1)] as T;
  }

  /** A copy of `items` in random order. */
  shuffle<T>(items: readonly T[]): T[] {
    const copy = [...items];
    for (let at = copy.length - 1; at > 0; at--) {
      const other = this.random.nextInt(0, at);
      const held = copy[at] as T;
      copy[at] = copy[other] as T;
      copy[other] = held;
    }
    return copy;
  }

  /** A value of a fast-check arbitrary, biased towards its edges in one of `frequency` draws, as fast-check biases its runs. */
  biased<T>(arbitrary: fc.Arbitrary<T>, frequency: number): T {
    return arbitrary.generate(this.random, frequency).value;
  }

  /** A value of a fast-check arbitrary. */
  from<T>(arbitrary: fc.Arbitrary<T>): T {
    return arbitrary.generate(this.random, undefined).value;
  }
}

/** An arbitrary from a function that draws. It does not shrink: campaigns reduce materialised rows instead. */
export function arbitraryFrom<T>(make: (draw: Draw) => T): fc.Arbitrary<T> {
  return new DrawnArbitrary(make);
}

class DrawnArbitrary<T> extends fc.Arbitrary<T> {
  readonly #make: (draw: Draw) => T;

  constructor(make: (draw: Draw) => T) {
    super();
    this.#make = make;
  }

  override generate(random: fc.Random): fc.Value<T> {
    return new fc.Value(this.#make(new Draw(random)), undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is T {
    return value === undefined && false;
  }

  override shrink(): fc.Stream<fc.Value<T>> {
    return fc.Stream.nil();
  }
}

/** The single sample of `arbitrary` for a seed. */
export function sampleOnce<T>(arbitrary: fc.Arbitrary<T>, seed: number): T {
  return fc.sample(arbitrary, { seed, numRuns: 1 })[0] as T;
}
