/** What the plan of `scenario-matrices` promises. */
import type { Claim, ClaimOutcome, Form, Lab } from './claim.ts';
import { judgeResults } from './from-report.ts';
import { judgeCollision, judgeDifferentKeys, judgeLookup, judgeSameKey, judgeUniqueness } from './matrix-keys.ts';
import {
  judgeChangedFile,
  judgeDropOfRows,
  judgeExecution,
  judgeForeignTables,
  judgeRollbackOfRuns,
} from './matrix-runs.ts';

const SET = 'scenario-matrices';

export const SCENARIO_MATRICES_CLAIMS: readonly Claim[] = [
  claim('executes-on-a-database', 'The migrations execute on a real database, through the ledger.', judgeExecution),
  claim('changed-file-is-refused', 'A file that changed after it ran is refused by its checksum.', judgeChangedFile),
  claim(
    'rollback-restores',
    'The rollback restores: by down file, by inferred drop, over several steps.',
    judgeRollbackOfRuns,
  ),
  claim('drop-refuses-rows', 'An inferred drop does not drop rows unasked.', judgeDropOfRows),
  claim(
    'drops-only-its-own',
    'The rollback never drops a table that the migration did not create.',
    judgeForeignTables,
  ),
  claim('is-idempotent', 'A second run of each script changes nothing.', async (lab, form) =>
    judgeResults(await lab.verify(SET, form), [{ property: 'rerun-idempotent' }]),
  ),
  claim('same-scenario-same-key', 'The same scenario configuration always gives the same key.', judgeSameKey),
  claim('other-scenario-other-key', 'Different configurations never share a key.', judgeDifferentKeys),
  claim('key-is-unique', 'The database holds a key once.', judgeUniqueness),
  claim('collision-is-handled', 'A collision is handled.', judgeCollision),
  claim('lookup-finds-by-key', 'A lookup by key finds the scenario, by an index.', judgeLookup),
];

function claim(id: string, promise: string, judge: (lab: Lab, form: Form) => Promise<ClaimOutcome>): Claim {
  return { id: `${SET}/${id}`, set: SET, claim: promise, judge: (lab) => judge(lab, 'as-documented') };
}
