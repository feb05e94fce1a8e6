/** Every scenario of its own, by the id that properties name. */
import { interrupted } from './interrupted.ts';
import { laterWrites } from './later-writes.ts';
import { paging } from './paging.ts';
import { probed } from './probed.ts';
import { populated } from './populated.ts';
import type { Scenario } from './scenario.ts';

const SCENARIOS: readonly Scenario[] = [populated, laterWrites, interrupted, probed, paging];

/** The scenario of that id; undefined for `standard` and `chain`, which the campaign drives itself, and for what this version does not know. */
export function findScenario(id: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.id === id);
}
