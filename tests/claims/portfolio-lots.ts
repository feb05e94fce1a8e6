/** What the plan of `portfolio-lots` promises. Each scenario has a file of its own beside this one. */
import type { Claim } from './claim.ts';
import { judgeResults, type Wanted } from './from-report.ts';
import { judgeBlocking } from './portfolio-lots/blocking.ts';
import { judgePaging } from './portfolio-lots/paging.ts';
import { judgeRetry } from './portfolio-lots/retrying.ts';
import { judgeRollback } from './portfolio-lots/rolling-back.ts';
import { judgeBothWays } from './portfolio-lots/through-drizzle.ts';
import { judgeUniqueness } from './portfolio-lots/uniqueness.ts';

const SET = 'portfolio-lots';
const HARDENING = '0001_portfolio_schema_hardening';

/** A claim that the properties judge on generated data. */
function byReport(id: string, claim: string, wanted: readonly Wanted[]): Claim {
  const judge: Claim['judge'] = async (lab) => judgeResults(await lab.verify(SET, 'as-documented'), wanted);
  return { id: `portfolio-lots/${id}`, set: SET, claim, judge };
}

export const PORTFOLIO_LOTS_CLAIMS: readonly Claim[] = [
  {
    id: 'portfolio-lots/every-operation-can-be-retried',
    set: SET,
    claim: 'Every operation is safe to retry, also after a timed-out index build.',
    judge: judgeRetry,
  },
  {
    id: 'portfolio-lots/nothing-blocks',
    set: SET,
    claim: 'Zero downtime: all operations are online.',
    judge: judgeBlocking,
  },
  {
    id: 'portfolio-lots/rollback-is-safe',
    set: SET,
    claim: 'The rollback loses nothing, or refuses before it changes anything.',
    judge: judgeRollback,
  },
  {
    id: 'portfolio-lots/keys-are-unique-in-their-scope',
    set: SET,
    claim: 'Keys never collide across scopes and are never used twice within one.',
    judge: judgeUniqueness,
  },
  byReport('bad-keys-are-found-first', 'Existing keys that break the length check are found before anything changes.', [
    { property: 'applies', clause: 'atomic', migration: HARDENING },
  ]),
  byReport('can-be-run-again', 'A script that ran to its end can be run again.', [
    { property: 'rerun-idempotent', migration: HARDENING },
  ]),
  byReport('meets-its-success-criteria', 'It ends with the columns, indexes and checks of its success criteria.', [
    { property: 'invariants-hold', migration: HARDENING },
  ]),
  byReport('rollback-restores', 'Without later writes the rollback brings the original state back.', [
    { property: 'rollback-restores', migration: HARDENING },
  ]),
  byReport('pages-use-their-index', 'Pages by (timestamp, id) are read from the cursor indexes.', [
    { property: 'index-used', migration: HARDENING },
  ]),
  {
    id: 'portfolio-lots/pages-are-stable',
    set: SET,
    claim: 'Pages by (timestamp, id) neither skip nor repeat a row.',
    judge: judgePaging,
  },
  byReport(
    'pages-survive-writers',
    'Pages are stable under concurrent writes, also in a service that leaves times to `pg`.',
    [{ property: 'cursor-stable', migration: HARDENING }],
  ),
  {
    id: 'portfolio-lots/same-with-psql-and-drizzle',
    set: SET,
    claim: 'It runs the same with psql and with Drizzle.',
    judge: judgeBothWays,
  },
  byReport('model-and-database-agree', 'The Drizzle model and the database agree.', [
    { property: 'schema-parity', migration: HARDENING },
  ]),
];
