/** Why a change that the catalog sees is not in a schema-only dump. What is not listed here is a difference nobody has explained. */
interface Reason {
  /** `kind: attribute`. */
  readonly difference: RegExp;
  readonly why: string;
}

const REASONS: readonly Reason[] = [
  {
    difference: /^materialized view: populated$/,
    why: 'a schema-only dump makes every materialised view without data; filling it is data',
  },
  {
    difference: /enforced by triggers$/,
    why: 'pg_dump does not write the state of triggers that carry out constraints',
  },
  {
    difference: /^note$/,
    why: 'the position of a column counts dropped ones, which a dump leaves out; it is noted and never a failure',
  },
  { difference: /^extension: comment$/, why: 'pg_dump leaves out comments on extensions that every database has' },
];

/** All of them, to find those that nothing needs. */
export const ALL_REASONS: readonly string[] = REASONS.map(({ why }) => why);

/** Why the dump does not show a difference; null where no reason is known. */
export function findReason(difference: string): string | null {
  return REASONS.find((reason) => reason.difference.test(difference))?.why ?? null;
}
