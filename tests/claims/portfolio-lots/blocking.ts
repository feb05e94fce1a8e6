/** "Zero downtime", "all operations online". */
import type { ClaimOutcome, Lab } from '../claim.ts';
import type { LotsForm } from './database.ts';
import { buildBaseline, openSession, runFile, waitForBlock } from './database.ts';

const ROWS = 20_000;

/** What a reader and a writer met while a script ran on a populated table. */
interface Observed {
  /** The lock that the script waited for, as `pg_locks` names it. */
  readonly wanted: string;
  /** Whether a plain SELECT of another session waited for the script. */
  readonly isReaderBlocked: boolean;
  readonly isWriterBlocked: boolean;
  /** Whether every row was written anew into another file. */
  readonly isRewritten: boolean;
  readonly refusal: string | null;
}

/**
 * A report reads `forecast_snapshots` in an open transaction, the script starts, and then two requests arrive: one reads, one writes the same table.
 * They are looked at while the script waits for the report, which then ends.
 */
export async function observeTraffic(lab: Lab, form: LotsForm, files: readonly string[]): Promise<Observed> {
  const url = await lab.createDatabase();
  await using migrator = await openSession(url);
  await using report = await openSession(url);
  await using reader = await openSession(url);
  await using writer = await openSession(url);
  await using watcher = await openSession(url);
  await buildBaseline(migrator, form);
  await watcher.ask(`INSERT INTO forecast_snapshots (fund_id, name, snapshot_time)
    SELECT 1 + n % 2, 'forecast', timestamptz '2024-05-06' + n * interval '1 second' FROM generate_series(1, ${ROWS}) AS n`);
  const [before] = await watcher.ask(`SELECT pg_relation_filenode('forecast_snapshots') AS file`);

  await report.ask('BEGIN; SELECT count(*) FROM forecast_snapshots');
  const script = runAll(files, (file) => runFile(migrator, form, file));
  await waitForBlock(watcher, migrator.pid);
  const [lock] = await watcher.ask(`SELECT mode FROM pg_locks WHERE pid = ${migrator.pid} AND NOT granted`);
  const reading = reader.ask('SELECT count(*) FROM forecast_snapshots');
  const writing = writer.ask(
    `UPDATE forecast_snapshots SET status = 'ready' WHERE id = '00000000-0000-0000-0000-0000000000f1'`,
  );
  const isReaderBlocked = await waitsFor(watcher, reader.pid, migrator.pid, reading);
  const isWriterBlocked = await waitsFor(watcher, writer.pid, migrator.pid, writing);
  await report.ask('COMMIT');
  await Promise.all([reading, writing]);
  const refusal = await script;
  const [after] = await watcher.ask(`SELECT pg_relation_filenode('forecast_snapshots') AS file`);
  return {
    wanted: lock?.['mode'] ?? 'none',
    isReaderBlocked,
    isWriterBlocked,
    isRewritten: before?.['file'] !== after?.['file'],
    refusal,
  };
}

async function runAll(
  files: readonly string[],
  run: (file: string) => Promise<{ refusal: string | null }>,
): Promise<string | null> {
  for (const file of files) {
    const { refusal } = await run(file);
    if (refusal !== null) return refusal;
  }
  return null;
}

/** Whether a request waits for the script: known as soon as the request ended, or as the database says whom it waits for. */
async function waitsFor(
  watcher: Parameters<typeof waitForBlock>[0],
  pid: number,
  script: number,
  request: Promise<unknown>,
): Promise<boolean> {
  const ended = request.then(() => [] as readonly number[]);
  return (await Promise.race([ended, waitForBlock(watcher, pid)])).includes(script);
}

export async function judgeBlocking(lab: Lab): Promise<ClaimOutcome> {
  const seen = await observeTraffic(lab, 'as-documented', ['0001_portfolio_schema_hardening.sql']);
  if (seen.refusal !== null)
    return { verdict: 'inconclusive', evidence: `the script failed: ${seen.refusal}`, replay: null };
  const blocked = [seen.isReaderBlocked ? 'a SELECT' : '', seen.isWriterBlocked ? 'an UPDATE' : ''].filter(
    (who) => who !== '',
  );
  if (blocked.length === 0 && !seen.isRewritten) {
    return {
      verdict: 'held',
      evidence: `a SELECT and an UPDATE went through while the script waited (${seen.wanted})`,
      replay: null,
    };
  }
  const rewritten = seen.isRewritten ? `; then all ${ROWS} rows of it are rewritten under that lock` : '';
  return {
    verdict: 'falsified',
    evidence: `phase 1 waits for ${seen.wanted} on forecast_snapshots behind one open report, and ${blocked.join(' and ')} of other sessions wait behind phase 1${rewritten}`,
    replay: null,
  };
}
