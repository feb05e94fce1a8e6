/**
 * What every type offers a column: a handful of simplest texts, edge texts and plain texts, all acceptable to `'<text>'::type`.
 */
import * as fc from 'fast-check';

export interface ValueArbitraries {
  /** Legal texts from simplest to less simple. */
  readonly simplest: readonly string[];
  /** Texts at the edges of the type. */
  readonly edges: fc.Arbitrary<string>;
  /** Unremarkable texts from all over the type. */
  readonly plain: fc.Arbitrary<string>;
}

/** Edges most of which are moderate: one in five is of the kind that overflows arithmetic and casts. */
export function weighEdges(moderate: readonly string[], extreme: readonly string[]): fc.Arbitrary<string> {
  if (extreme.length === 0) return fc.constantFrom(...moderate);
  if (moderate.length === 0) return fc.constantFrom(...extreme);
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...moderate) },
    { weight: 1, arbitrary: fc.constantFrom(...extreme) },
  );
}

/** A type whose interesting values can be listed. */
export function listed(
  simplest: readonly string[],
  edges: readonly string[],
  plain: readonly string[] = simplest,
): ValueArbitraries {
  return { simplest, edges: fc.constantFrom(...edges), plain: fc.constantFrom(...plain) };
}
