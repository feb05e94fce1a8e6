/** "All operations are idempotent (safe to retry)", "index creation timeout: easy retry". */
import type { ClaimOutcome, Lab } from '../claim.ts';
import type { LotsForm, ScriptEnd, Session } from './database.ts';
import { buildBaseline, openSession, runFile, runFiles, snapshotWithKey } from './database.ts';

const BUILD = 'forecast_snapshots_fund_idem_key_idx';

/** What is left after an index build was cut short by its timeout and the script was run again. */
interface Retried {
  readonly first: ScriptEnd;
  readonly second: ScriptEnd;
  /** What the script said at its end. */
  readonly said: string;
  readonly isValid: boolean;
  /** How often fund 1 then took the same key. */
  readonly uses: number;
}

/**
 * While the script runs, an application has written to `forecast_snapshots` and not yet committed. `CREATE INDEX CONCURRENTLY` waits for it,
 * and longer than the script's timeout, which here is half a second in place of 30. Then the application commits, and the script is run again.
 */
export async function retryTimedOutBuild(lab: Lab, form: LotsForm, file: string): Promise<Retried> {
  const url = await lab.createDatabase();
  await using migrator = await openSession(url);
  await using application = await openSession(url);
  await buildBaseline(migrator, form);
  const first = await runFile(migrator, form, file, {
    timeout: '500ms',
    before: {
      statement: `INDEX CONCURRENTLY IF NOT EXISTS ${BUILD}`,
      act: async () => {
        await application.ask(`BEGIN; ${snapshotWithKey(1, 'before')}`);
        // A form that sets no timeout of its own is cut short by whoever runs it.
        await migrator.ask(`SET statement_timeout = '500ms'`);
      },
    },
  });
  await application.ask('COMMIT');
  await migrator.ask('RESET statement_timeout');
  const second = await runFile(migrator, form, file);
  return { first, second, said: migrator.notices.at(-1) ?? '', ...(await tryKeyTwice(application)) };
}

async function tryKeyTwice(application: Session): Promise<Pick<Retried, 'isValid' | 'uses'>> {
  const [index] = await application.ask(
    `SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass('${BUILD}')`,
  );
  await application.refusalOf(snapshotWithKey(1, 'k-1'));
  await application.refusalOf(snapshotWithKey(1, 'k-1'));
  const [count] = await application.ask(
    `SELECT count(*) AS uses FROM forecast_snapshots WHERE idempotency_key = 'k-1'`,
  );
  return { isValid: index?.['valid'] === 't', uses: Number(count?.['uses']) };
}

export async function judgeRetry(lab: Lab): Promise<ClaimOutcome> {
  const file = '0001_portfolio_schema_hardening.sql';
  const { first, second, said, isValid, uses } = await retryTimedOutBuild(lab, 'as-documented', file);
  if (first.refusal === null)
    return { verdict: 'inconclusive', evidence: 'the index build was not cut short', replay: null };
  if (second.refusal === null && isValid && uses === 1) {
    const again = await runAgain(lab);
    return {
      verdict: again === null ? 'held' : 'falsified',
      evidence: again ?? 'a timed-out build and a complete run were both run again',
      replay: null,
    };
  }
  const state = isValid ? 'is valid' : 'is INVALID';
  return {
    verdict: 'falsified',
    evidence: `${BUILD}: ${first.refusal}. The retry ends with ${second.refusal ?? `"${said}"`}, the index ${state}, and fund 1 takes key k-1 ${uses} times`,
    replay: null,
  };
}

/** A complete script once more: what the database says, or null. */
async function runAgain(lab: Lab): Promise<string | null> {
  await using session = await openSession(await lab.createDatabase());
  await buildBaseline(session, 'as-documented');
  const file = '0001_portfolio_schema_hardening.sql';
  await runFiles(session, 'as-documented', [file]);
  return (await runFile(session, 'as-documented', file)).refusal;
}
