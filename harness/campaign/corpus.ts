/**
 * Stored cases as the first cases of a run: an old failure shows before anything is searched.
 */
import type { Counterexample } from '../core/counterexample.ts';
import type { CampaignPlan } from './plan.ts';
import { rebaseDataset } from './rebase.ts';
import type { Subject } from './subject.ts';

/** Those of a subject's migration in one scenario, their rows brought to its schema as far as that goes. */
export function storedCases(
  plan: Pick<CampaignPlan, 'corpus'>,
  { planned, migration, model }: Pick<Subject, 'planned' | 'migration' | 'model'>,
  scenario: string,
): readonly Counterexample[] {
  const examples = plan.corpus?.(planned.set, migration.name, scenario) ?? [];
  return examples.map((example) => ({ ...example, dataset: rebaseDataset(example.dataset, model).dataset }));
}
