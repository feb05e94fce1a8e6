/**
 * Cases of several seeds in one campaign, by turns: the first case of each, then the second, and so on. What a campaign costs before its
 * first case is paid once, and each seed sees the cases that it would see alone.
 */
import type { CampaignPlan, Turn } from './plan.ts';

type Asked = Pick<CampaignPlan, 'seed' | 'turns'>;

/** The seeds of a campaign, at least one. */
export function seedsOf({ seed, turns }: Asked): readonly number[] {
  return turns?.seeds ?? [seed];
}

/** Whose case the `at`th of a campaign is, from 0. */
export function turnAt(plan: Asked, at: number): Turn {
  const seeds = seedsOf(plan);
  return { seed: seeds[at % seeds.length] ?? plan.seed, index: Math.floor(at / seeds.length) };
}

/** Whether a case is left out. */
export function isOut({ turns }: Pick<CampaignPlan, 'turns'>, turn: Turn, scenario: string): boolean {
  return turns?.isOut(turn, scenario) ?? false;
}
