import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLab, type OpenLab } from '../lab.ts';
import { observeTraffic } from './blocking.ts';
import { buildBaseline, openSession, readState, runFile, runFiles, SET_FOLDER, waitForBlock } from './database.ts';
import { retryTimedOutBuild } from './retrying.ts';
import { rollBackAfter } from './rolling-back.ts';
import { exportModel, listRelations, migrateFolder } from './through-drizzle.ts';
import { sendTwiceMeanwhile, tryKeys } from './uniqueness.ts';

const UPS = ['0001_keys_and_cursors.sql', '0002_version_bigint.sql'];
const DOWNS = ['0002_version_bigint_ROLLBACK.sql', '0001_keys_and_cursors_ROLLBACK.sql'];
const [KEYS = '', VERSIONS = ''] = UPS;

let lab: OpenLab;

beforeAll(() => {
  lab = openLab({ store: '.palindrome', signal: new AbortController().signal });
});

afterAll(async () => {
  await lab[Symbol.asyncDispose]();
});

describe('the hardened portfolio lots', () => {
  it('should build an index anew whose first build was cut short', async () => {
    const { first, second, isValid, uses } = await retryTimedOutBuild(lab, 'hardened', KEYS);
    expect(first.refusal).toContain('57014');
    expect({ refusal: second.refusal, isValid, uses }).toEqual({ refusal: null, isValid: true, uses: 1 });
  });

  it('should go on after the report that it waited for, and rewrite no table', async () => {
    expect(await observeTraffic(lab, 'hardened', UPS)).toMatchObject({ isRewritten: false, refusal: null });
  });

  it('should give way after two seconds to a report that goes on, and work when run again', async () => {
    const url = await lab.createDatabase();
    await using migrator = await openSession(url);
    await using report = await openSession(url);
    await using reader = await openSession(url);
    await using watcher = await openSession(url);
    await buildBaseline(migrator, 'hardened');
    await runFiles(migrator, 'hardened', [KEYS]);
    await report.ask('BEGIN; SELECT count(*) FROM forecast_snapshots');
    const script = runFile(migrator, 'hardened', VERSIONS);
    await waitForBlock(watcher, migrator.pid);
    const [row] = await reader.ask('SELECT count(*) AS snapshots FROM forecast_snapshots');
    expect(row).toEqual({ snapshots: '2' });
    expect((await script).refusal).toContain('55P03');
    await report.ask('COMMIT');
    expect(await runFile(migrator, 'hardened', VERSIONS)).toMatchObject({ refusal: null });
  });

  it('should let writers go on while versions are copied, and keep what they wrote', async () => {
    const url = await lab.createDatabase();
    await using migrator = await openSession(url);
    await using application = await openSession(url);
    await buildBaseline(migrator, 'hardened');
    await runFiles(migrator, 'hardened', [KEYS]);
    await migrator.ask(`INSERT INTO forecast_snapshots (fund_id, name, snapshot_time, version)
      SELECT 1, 'forecast', '2024-05-06', n FROM generate_series(1, 20000) AS n`);
    const progress = { isDone: false };
    const script = runFile(migrator, 'hardened', VERSIONS).finally(() => (progress.isDone = true));
    let writes = 0;
    while (!progress.isDone) {
      await application.ask(
        `UPDATE forecast_snapshots SET version = version + 1 WHERE id = '00000000-0000-0000-0000-0000000000f1'`,
      );
      writes++;
    }
    expect((await script).refusal).toBeNull();
    expect(writes).toBeGreaterThan(1);
    const [row] = await application.ask(`SELECT
      (SELECT version FROM forecast_snapshots WHERE id = '00000000-0000-0000-0000-0000000000f1') AS written,
      (SELECT sum(version) FROM forecast_snapshots WHERE name = 'forecast') AS copied`);
    expect(row).toEqual({ written: String(writes + 1), copied: '200010000' });
  });

  it('should continue a copy of versions that was cut short between its steps', async () => {
    await using session = await openSession(await lab.createDatabase());
    await buildBaseline(session, 'hardened');
    await runFiles(session, 'hardened', UPS);
    const wanted = await readState(session);
    await runFiles(session, 'hardened', DOWNS.slice(0, 1));
    await session.ask(`
      CREATE FUNCTION copy_version() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.version_retyped := NEW.version; RETURN NEW; END';
      ALTER TABLE forecast_snapshots ADD COLUMN version_retyped bigint;
      CREATE TRIGGER copy_version BEFORE INSERT OR UPDATE ON forecast_snapshots FOR EACH ROW EXECUTE FUNCTION copy_version();
      ALTER TABLE forecast_snapshots ADD CONSTRAINT version_retyped_given CHECK (version_retyped IS NOT NULL) NOT VALID`);
    await runFiles(session, 'hardened', [VERSIONS]);
    expect(await readState(session)).toEqual(wanted);
  });

  it.each([
    ['a version beyond 2^31-1', 'nothing was changed'],
    ['a key that two funds share', 'nothing was changed'],
    ['a version by default', 'went through'],
  ] as const)('should lose nothing when rolled back after %s', async (write, said) => {
    const { end, changes } = await rollBackAfter(lab, { form: 'hardened', ups: UPS, downs: DOWNS }, write);
    expect(changes).toEqual([]);
    expect(end.refusal ?? 'went through').toContain(said);
  });

  it('should keep keys unique in their scope, afterwards and meanwhile', async () => {
    await using session = await openSession(await lab.createDatabase());
    await buildBaseline(session, 'hardened');
    await runFiles(session, 'hardened', UPS);
    expect(await tryKeys(session)).toEqual([]);
    for (const statement of [
      'IF NOT EXISTS forecast_snapshots_fund_idem',
      'DROP INDEX CONCURRENTLY IF EXISTS investment_lots_idem',
    ]) {
      const { second, end } = await sendTwiceMeanwhile(lab, 'hardened', KEYS, statement);
      expect(second).toContain('23505');
      expect(end).toBeNull();
    }
  });

  it('should have a model whose indexes serve the pages, which the documented one has not', async () => {
    const plans: Record<string, string> = {};
    for (const schemaFile of ['schema.ts', 'schema-hardened.ts']) {
      await using session = await openSession(await lab.createDatabase());
      await session.ask(await exportModel(schemaFile));
      await session.ask(`
        INSERT INTO funds (name, size) VALUES ('Fund 1', 1);
        INSERT INTO forecast_snapshots (fund_id, name, snapshot_time)
          SELECT 1, 'forecast', timestamptz '2024-05-06' + n * interval '1 second' FROM generate_series(1, 20000) AS n;
        ANALYZE forecast_snapshots`);
      const plan = await session.ask(`EXPLAIN SELECT * FROM forecast_snapshots
        WHERE (snapshot_time, id) < ('2024-05-06 02:00+00', '00000000-0000-0000-0000-0000000000f1')
        ORDER BY snapshot_time DESC, id DESC LIMIT 20`);
      plans[schemaFile] = plan.map((line) => line['QUERY PLAN']).join('\n');
    }
    expect(plans['schema.ts']).toContain('Sort');
    expect(plans['schema-hardened.ts']).not.toContain('Sort');
    expect(plans['schema-hardened.ts']).toContain('Index Scan using forecast_snapshots_cursor_idx');
  });

  it('should end the same with the migrator of drizzle-orm', async () => {
    const [byHand, inDrizzle] = [await lab.createDatabase(), await lab.createDatabase()];
    await using session = await openSession(byHand);
    await runFiles(session, 'hardened', ['0000_portfolio_schema.sql', ...UPS]);
    expect(await migrateFolder(inDrizzle, join(SET_FOLDER, 'hardened-drizzle'))).toBeNull();
    expect(await listRelations(inDrizzle)).toEqual(await listRelations(byHand));
    await using other = await openSession(inDrizzle);
    expect(await readState(other)).toEqual(await readState(session));
  });
});

describe('the portfolio lots as documented', () => {
  it('should be one script for psql and for Drizzle, but for the breakpoints', async () => {
    const read = (form: string) => readFile(join(SET_FOLDER, form, '0001_portfolio_schema_hardening.sql'), 'utf8');
    const inDrizzle = await read('as-documented-drizzle');
    expect(inDrizzle.split('--> statement-breakpoint').length).toBeGreaterThan(20);
    expect(inDrizzle.replaceAll('--> statement-breakpoint', '')).toBe(await read('as-documented'));
  });
});
