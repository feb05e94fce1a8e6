/** "Prevents cross-tenant idempotency collisions": scoped keys, also while the change is under way. */
import type { ClaimOutcome, Lab } from '../claim.ts';
import type { LotsForm, Session } from './database.ts';
import { buildBaseline, openSession, runFile, runFiles, snapshotWithKey } from './database.ts';

/** Statements after which each must be accepted (null) or refused (a SQLSTATE). */
const AFTERWARDS = [
  { what: 'the same key in another fund', sql: snapshotWithKey(2, 'k-1'), code: null },
  { what: 'the same key in the same fund', sql: snapshotWithKey(1, 'k-1'), code: '23505' },
  {
    what: 'a snapshot without a fund',
    sql: `INSERT INTO forecast_snapshots (name, snapshot_time, idempotency_key) VALUES ('forecast', '2024-05-06', 'k-1')`,
    code: '23502',
  },
  {
    what: 'a second snapshot without a key',
    sql: `INSERT INTO forecast_snapshots (fund_id, name, snapshot_time) VALUES (1, 'forecast', '2024-05-06')`,
    code: null,
  },
] as const;

/** What is wrong with uniqueness after the change, as sentences; empty: nothing. */
export async function tryKeys(session: Session): Promise<readonly string[]> {
  await session.ask(snapshotWithKey(1, 'k-1'));
  const wrong: string[] = [];
  for (const { what, sql, code } of AFTERWARDS) {
    const refusal = await session.refusalOf(sql);
    const isAsWanted = code === null ? refusal === null : refusal?.includes(code) === true;
    if (!isAsWanted) wrong.push(`${what}: ${refusal ?? 'accepted'}`);
  }
  return wrong;
}

/** A client sends the same request twice while the script runs, just before the statement that has `statement` in it: what became of it. */
export async function sendTwiceMeanwhile(
  lab: Lab,
  form: LotsForm,
  file: string,
  statement: string,
): Promise<{ readonly second: string | null; readonly end: string | null }> {
  const url = await lab.createDatabase();
  await using migrator = await openSession(url);
  await using client = await openSession(url);
  await buildBaseline(migrator, form);
  let second: string | null = null;
  const { refusal } = await runFile(migrator, form, file, {
    before: {
      statement,
      act: async () => {
        await client.ask(snapshotWithKey(1, 'k-1'));
        second = await client.refusalOf(snapshotWithKey(1, 'k-1'));
      },
    },
  });
  return { second, end: refusal };
}

export async function judgeUniqueness(lab: Lab): Promise<ClaimOutcome> {
  const file = '0001_portfolio_schema_hardening.sql';
  const meanwhile = await sendTwiceMeanwhile(
    lab,
    'as-documented',
    file,
    'IF NOT EXISTS forecast_snapshots_fund_idem_key_idx',
  );
  if (meanwhile.second === null) {
    return {
      verdict: 'falsified',
      evidence: `between phases 2 and 3 no index is left: a request sent twice is stored twice (fund 1, key k-1), and the script ends with ${meanwhile.end ?? 'SUCCESS'}`,
      replay: null,
    };
  }
  await using session = await openSession(await lab.createDatabase());
  await buildBaseline(session, 'as-documented');
  await runFiles(session, 'as-documented', [file]);
  const wrong = await tryKeys(session);
  if (wrong.length > 0) return { verdict: 'falsified', evidence: wrong.join('; '), replay: null };
  return {
    verdict: 'held',
    evidence: `${AFTERWARDS.length} writes afterwards and one sent twice meanwhile end as they should`,
    replay: null,
  };
}
