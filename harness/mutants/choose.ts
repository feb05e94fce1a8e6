/** A sample of mutants that is spread over operators and statements. */
import { sha256 } from '../core/hash.ts';
import { compareText } from '../core/text.ts';
import type { Mutant } from './mutants.ts';

/**
 * At most `max` mutants, in the order of their places. Each pick takes an operator and a statement that were picked least so far; among
 * equals the seed decides. The same seed and mutants give the same sample, and a larger `max` only adds to it.
 */
export function chooseMutants(mutants: readonly Mutant[], max: number, seed: number): readonly Mutant[] {
  if (mutants.length <= max) return mutants;
  const rest = mutants
    .map((mutant) => ({ mutant, rank: sha256(`${seed}\n${mutant.id}`) }))
    .toSorted((a, b) => compareText(a.rank, b.rank))
    .map(({ mutant }) => mutant);
  const picks = new Map<string, number>();
  const timesPicked = (key: string): number => picks.get(key) ?? 0;
  const chosen = new Set<Mutant>();
  while (chosen.size < max) {
    let best: Mutant | undefined;
    let least = Infinity;
    for (const mutant of rest) {
      if (chosen.has(mutant)) continue;
      const [operator, statement] = keysOf(mutant);
      const cost = 2 * timesPicked(operator) + timesPicked(statement);
      if (cost >= least) continue;
      least = cost;
      best = mutant;
    }
    if (best === undefined) break;
    chosen.add(best);
    for (const key of keysOf(best)) picks.set(key, timesPicked(key) + 1);
  }
  return mutants.filter((mutant) => chosen.has(mutant));
}

function keysOf({ operator, direction, statement }: Mutant): readonly [string, string] {
  return [`operator ${operator.id}`, `statement ${direction} ${statement}`];
}
