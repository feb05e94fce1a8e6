import { SWARM_TRAITS, type SwarmTrait } from '../../core/case.ts';
import { deriveSeed } from '../../core/hash.ts';

/** Traits of which at most one may be in a swarm: they contradict each other. */
const OPPOSITES: readonly (readonly SwarmTrait[])[] = [
  ['no-nulls', 'all-nulls'],
  ['only-ties', 'no-ties'],
  ['many-rows', 'one-row'],
  ['only-edges', 'only-plain', 'small-numbers', 'huge-texts'],
];

/** The traits of a round: none in the first one, whose cases have each mood in turn, then one or two. A function of the seed and the round. */
export function swarmOf(seed: number, round: number): readonly SwarmTrait[] {
  if (round === 0) return [];
  const first = pick(SWARM_TRAITS, deriveSeed(seed, 'swarm', round));
  const others = SWARM_TRAITS.filter(
    (trait) => trait !== first && !OPPOSITES.some((group) => group.includes(trait) && group.includes(first)),
  );
  const more = deriveSeed(seed, 'second trait', round);
  return more % 2 === 0 ? [first] : [first, pick(others, more)];
}

function pick(traits: readonly SwarmTrait[], at: number): SwarmTrait {
  return traits[Math.abs(at) % traits.length] ?? 'no-nulls';
}
