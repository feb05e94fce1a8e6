/** What the plan of `service-schemas` promises. */
import type { Claim, ClaimOutcome, Form, Lab } from './claim.ts';
import {
  judgeColdStart,
  judgeExistingDatabase,
  judgeManyStarts,
  judgePagination,
  judgeRetries,
  judgeRollback,
  judgeStartsAtOnce,
} from './service-scenarios.ts';
import { judgeWaiting } from './wait-for-database.ts';

const SET = 'service-schemas';

export const SERVICE_SCHEMAS_CLAIMS: readonly Claim[] = [
  claim('safe-to-run-many-times', 'The migrations are safe to run many times.', judgeManyStarts),
  claim('retries-get-through', 'A deploy that failed is completed by trying again, up to 60 times.', judgeRetries),
  claim('cold-start-is-complete', 'A cold start ends with every schema, table and index.', judgeColdStart),
  claim('existing-ends-as-fresh', 'An existing database ends the same as a fresh one.', judgeExistingDatabase),
  claim('pages-use-their-indices', 'Pagination queries use their indexes.', judgePagination),
  claim('resolve-rolls-back', '`resolve --rolled-back` brings the schema back.', judgeRollback),
  claim('services-start-at-once', 'Services that start at once do not break each other.', judgeStartsAtOnce),
  claim('deploy-waits', 'Deploy waits for the database: 60 tries, 2 s apart, both configurable.', judgeWaiting),
];

function claim(id: string, promise: string, judge: (lab: Lab, form: Form) => Promise<ClaimOutcome>): Claim {
  return { id: `${SET}/${id}`, set: SET, claim: promise, judge: (lab) => judge(lab, 'as-documented') };
}
