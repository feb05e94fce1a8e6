/** The small arbitraries that portfolios are made of. They are fast-check's own, so that they shrink: towards one whole share on the first day. */
import * as fc from 'fast-check';
import { fakedText } from '../values/human.ts';
import { MOST, ONE } from './amounts.ts';
import { FIRST_DAY, LAST_DAY, LAST_MICRO, momentOn } from './moments.ts';

/** Units of a position: whole shares, fractions to the eighth place, nothing, and quantities beyond what a double holds. At most `most`. */
export function quantities(most: bigint = MOST): fc.Arbitrary<bigint> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.bigInt({ min: 1n, max: 1000n }).map((count) => count * ONE) },
    { weight: 5, arbitrary: fc.bigInt({ min: 1n, max: 1000n * ONE }) },
    { weight: 2, arbitrary: fc.bigInt({ min: 1n, max: ONE }) },
    { weight: 2, arbitrary: fc.bigInt({ min: 9_007_199_254_740_993n, max: most }) },
    { weight: 1, arbitrary: fc.constantFrom(0n, 1n, most, most - 1n, 9_007_199_254_740_993n) },
  );
}

/** Units of a price or cost per share: zero, cents, eighths of a micro-cent, and the rare share that costs a fortune. */
export function prices(): fc.Arbitrary<bigint> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.bigInt({ min: 1n, max: 100_000n }).map((cents) => cents * (ONE / 100n)) },
    { weight: 4, arbitrary: fc.bigInt({ min: 1n, max: 5000n * ONE }) },
    { weight: 1, arbitrary: fc.constantFrom(0n, 1n, 62_784_312_345_678n, ONE / 3n) },
  );
}

/** Cents that were paid. */
export function fees(): fc.Arbitrary<bigint> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant(0n) },
    { weight: 2, arbitrary: fc.bigInt({ min: 1n, max: 9_999n }) },
    { weight: 1, arbitrary: fc.constantFrom(1n, 99_999_999n) },
  );
}

/** Days on which something happened. */
export function days(): fc.Arbitrary<bigint> {
  return fc.bigInt({ min: FIRST_DAY, max: LAST_DAY });
}

/** Microseconds since 1970: any, and in half of the cases with a last digit that millisecond clocks lose. */
export function moments(): fc.Arbitrary<bigint> {
  return fc
    .tuple(
      days(),
      fc.oneof(fc.bigInt({ min: 0n, max: LAST_MICRO }), fc.constantFrom(0n, 1n, 123_456n, 999_999n, LAST_MICRO)),
    )
    .map(([day, micros]) => momentOn(day, micros));
}

/** How much of what is left goes: thousandths, and often nothing or all of it. */
export function shares(): fc.Arbitrary<bigint> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant(0n) },
    { weight: 3, arbitrary: fc.bigInt({ min: 1n, max: 999n }) },
    { weight: 2, arbitrary: fc.constant(1000n) },
  );
}

/** Currencies by their code. */
export function currencies(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom('USD', 'EUR', 'CHF', 'JPY', 'KWD') },
    { weight: 1, arbitrary: fakedText((faker) => faker.finance.currencyCode()) },
  );
}

/** What is traded: a ticker as exchanges write them, and its name. */
export function securities(): fc.Arbitrary<{ readonly ticker: string; readonly name: string; readonly kind: string }> {
  return fc.record({
    ticker: fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom('AAPL', 'BRK.B', 'VTI', 'NESN.SW', '7203.T', 'BTC-USD') },
      {
        weight: 2,
        arbitrary: fakedText((faker) => faker.string.alpha({ length: { min: 1, max: 5 }, casing: 'upper' })),
      },
    ),
    name: fakedText((faker) => faker.company.name()),
    kind: fc.constantFrom('stock', 'fund', 'crypto', 'mutual-fund'),
  });
}

/** People, of whom some have not told their name, and what stands before the @ of their address. */
export function people(): fc.Arbitrary<{ readonly name: string | null; readonly mailbox: string }> {
  return fc.record({
    name: fc.option(fakedText((faker) => faker.person.fullName())),
    mailbox: fakedText((faker) => faker.internet.username().toLowerCase()),
  });
}

/** A company's name. */
export function companies(): fc.Arbitrary<string> {
  return fakedText((faker) => faker.company.name());
}

/** A short sentence. */
export function remarks(): fc.Arbitrary<string> {
  return fakedText((faker) => faker.finance.transactionDescription());
}
