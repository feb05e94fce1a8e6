/** What the plan of `risk-daemon` promises: scripts, backup, restore, verification. */
import type { Claim } from './claim.ts';
import { judgeResults } from './from-report.ts';
import {
  judgeBackup,
  judgeFailedScript,
  judgeOptionalLater,
  judgeRestore,
  judgeRollbackConditions,
} from './risk-daemon/procedures.ts';
import { SET } from './risk-daemon/state-db.ts';

export const RISK_DAEMON_CLAIMS: readonly Claim[] = [
  {
    id: 'risk-daemon/runs-several-times',
    set: SET,
    claim: 'The migration can be run several times.',
    judge: async (lab) => judgeResults(await lab.verify(SET, 'as-documented'), [{ property: 'rerun-idempotent' }]),
  },
  {
    id: 'risk-daemon/failed-script-changes-nothing',
    set: SET,
    claim: 'A script that fails changes nothing.',
    judge: judgeFailedScript,
  },
  {
    id: 'risk-daemon/backup-is-the-database',
    set: SET,
    claim: 'The backup is the database.',
    judge: judgeBackup,
  },
  {
    id: 'risk-daemon/restore-gives-v1-back',
    set: SET,
    claim: 'Restoring the backup gives v1 back.',
    judge: judgeRestore,
  },
  {
    id: 'risk-daemon/scripts-produce-v2',
    set: SET,
    claim: 'The scripts produce the v2 that the specification lists, indexes and columns.',
    judge: async (lab) =>
      judgeResults(await lab.verify(SET, 'as-documented'), [
        { property: 'invariants-hold', clause: 'specified-indexes', migration: 'optional' },
        { property: 'invariants-hold', clause: 'version-2-has-execution-time', migration: 'optional' },
      ]),
  },
  {
    id: 'risk-daemon/optional-table-later',
    set: SET,
    claim: 'The optional table can be switched on later.',
    judge: judgeOptionalLater,
  },
  {
    id: 'risk-daemon/rollback-conditions',
    set: SET,
    claim: 'The verification sees when a rollback is needed.',
    judge: judgeRollbackConditions,
  },
];
