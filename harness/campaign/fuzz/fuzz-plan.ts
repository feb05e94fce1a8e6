import type { Counterexample } from '../../core/counterexample.ts';
import type { FuzzBudget, FuzzJournal, JournalState } from '../../core/fuzz-journal.ts';
import type { CampaignPlan } from '../plan.ts';

/** What a fuzzing campaign is asked to do. */
export interface FuzzPlan {
  /** Its `cases` of each set are not used: the campaign decides how many each visit gets. */
  readonly campaign: CampaignPlan;
  readonly budget: FuzzBudget;
  /** Takes a stored example away in whose place a smaller one is. */
  readonly forget: (id: string) => Promise<void>;
  /** A stored example; null: it is not there any more, or cannot be read. */
  readonly find: (id: string) => Promise<Counterexample | null>;
  /** Checksums by unit with which earlier runs judged: what is not here is new. */
  readonly judged: ReadonlyMap<string, string>;
  /** Null: nothing is written down, and nothing can be gone on with. */
  readonly journal: FuzzJournal | null;
  /** The campaign that this one goes on with; null: it begins. */
  readonly resumed: JournalState | null;
}
