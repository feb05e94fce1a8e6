/** What the plan of `scenario-matrices` promises. */
import type { Claim, ClaimOutcome, Form, Lab } from './claim.ts';
import { judgeResults } from './from-report.ts';
import { judgeCollision, judgeDifferentKeys, judgeLookup, judgeSameKey, judgeUniqueness } from './matrix-keys.ts';

const SET = 'scenario-matrices';

export const SCENARIO_MATRICES_CLAIMS: readonly Claim[] = [
  reported(
    'executes-on-a-database',
    'The migrations execute on a real database, and make what the schema tests list.',
    ['applies', 'invariants-hold'],
  ),
  reported('is-idempotent', 'A second run changes nothing.', ['rerun-idempotent']),
  claim('same-scenario-same-key', 'The same scenario configuration always gives the same key.', judgeSameKey),
  claim('other-scenario-other-key', 'Different configurations never share a key.', judgeDifferentKeys),
  claim('key-is-unique', 'The database holds a key once.', judgeUniqueness),
  claim('collision-is-handled', 'A collision is handled.', judgeCollision),
  claim('lookup-finds-by-key', 'A lookup by key finds the scenario, by an index.', judgeLookup),
];

function claim(id: string, promise: string, judge: (lab: Lab, form: Form) => Promise<ClaimOutcome>): Claim {
  return { id: `${SET}/${id}`, set: SET, claim: promise, judge: (lab) => judge(lab, 'as-documented') };
}

function reported(id: string, promise: string, properties: readonly string[]): Claim {
  const wanted = properties.map((property) => ({ property }));
  return claim(id, promise, async (lab, form) => judgeResults(await lab.verify(SET, form), wanted));
}
