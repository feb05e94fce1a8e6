/** What the plan of `track-your-stack` promises. */
import type { Claim } from './claim.ts';
import { judgeResults } from './from-report.ts';

const SET = 'track-your-stack';

export const TRACK_YOUR_STACK_CLAIMS: readonly Claim[] = [
  {
    id: 'track-your-stack/data-migration-runs-again',
    set: SET,
    claim: 'The data migration can be run again.',
    judge: async (lab) =>
      judgeResults(await lab.verify(SET, 'as-documented'), [
        { property: 'rerun-idempotent', migration: 'migrate_to_tax_lots' },
      ]),
  },
];
