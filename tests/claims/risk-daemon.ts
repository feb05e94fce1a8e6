/** What the plan of `risk-daemon` promises. */
import type { Claim } from './claim.ts';
import { judgeResults } from './from-report.ts';

const SET = 'risk-daemon';

export const RISK_DAEMON_CLAIMS: readonly Claim[] = [
  {
    id: 'risk-daemon/runs-several-times',
    set: SET,
    claim: 'The migration can be run several times.',
    judge: async (lab) => judgeResults(await lab.verify(SET, 'as-documented'), [{ property: 'rerun-idempotent' }]),
  },
  {
    id: 'risk-daemon/scripts-produce-v2',
    set: SET,
    claim: 'The scripts produce the v2 that the specification lists.',
    judge: async (lab) =>
      judgeResults(await lab.verify(SET, 'as-documented'), [
        { property: 'invariants-hold', clause: 'version-2-has-execution-time' },
      ]),
  },
];
