/** "Comprehensive rollback", "pre-check for data safety", "protection against data loss". */
import type { ClaimOutcome, Lab } from '../claim.ts';
import type { LotsForm, ScriptEnd } from './database.ts';
import {
  buildBaseline,
  compareStates,
  openSession,
  readState,
  runFile,
  runFiles,
  snapshotWithKey,
} from './database.ts';

/** What applications write between the change and its rollback. */
const LATER_WRITES = {
  'a version beyond 2^31-1': [snapshotWithKey(1, 'k-1', '2147483648')],
  'a key that two funds share': [snapshotWithKey(1, 'k-1'), snapshotWithKey(2, 'k-1')],
  'a version by default': [snapshotWithKey(1, 'k-1')],
} as const;

type LaterWrite = keyof typeof LATER_WRITES;

interface RolledBack {
  readonly end: ScriptEnd;
  /** Where the rollback refused: what it changed all the same. Where it went through: rows that it lost or changed. */
  readonly changes: readonly string[];
}

/** The change, a later write, and the rollback: what is lost, or what a rollback that refused has changed. */
export async function rollBackAfter(
  lab: Lab,
  { form, ups, downs }: { readonly form: LotsForm; readonly ups: readonly string[]; readonly downs: readonly string[] },
  write: LaterWrite,
): Promise<RolledBack> {
  await using session = await openSession(await lab.createDatabase());
  await buildBaseline(session, form);
  await runFiles(session, form, ups);
  for (const sql of LATER_WRITES[write]) await session.ask(sql);
  const before = await readState(session);
  let end: ScriptEnd = { completed: 0, refusal: null };
  let lastBefore = before;
  for (const file of downs) {
    lastBefore = await readState(session);
    end = await runFile(session, form, file);
    if (end.refusal !== null) break;
  }
  const after = await readState(session);
  const isRow = (line: string) => line.startsWith('row ');
  return {
    end,
    changes:
      end.refusal === null
        ? compareStates(before.filter(isRow), after.filter(isRow))
        : compareStates(lastBefore, after),
  };
}

const DOCUMENTED = {
  form: 'as-documented',
  ups: ['0001_portfolio_schema_hardening.sql'],
  downs: ['0001_portfolio_schema_hardening_ROLLBACK.sql'],
} as const;

export async function judgeRollback(lab: Lab): Promise<ClaimOutcome> {
  const good: string[] = [];
  for (const write of Object.keys(LATER_WRITES) as LaterWrite[]) {
    const { end, changes } = await rollBackAfter(lab, DOCUMENTED, write);
    if (changes.length > 0) {
      const [first] = changes;
      const how = end.refusal === null ? 'goes through' : `stops half-way at ${end.refusal}`;
      return {
        verdict: 'falsified',
        evidence: `after ${write} the rollback ${how}; ${changes.length} changes stay, such as: ${first}`,
        replay: null,
      };
    }
    good.push(`${write}: ${end.refusal === null ? 'kept' : 'refused, nothing changed'}`);
  }
  return { verdict: 'held', evidence: good.join('; '), replay: null };
}
