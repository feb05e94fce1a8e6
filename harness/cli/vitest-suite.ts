/**
 * Palindrome inside a test run of the user's own: `import { migrationSuite } from 'palindrome/vitest'`. One test for each migration and
 * property; the campaign runs once, and each test waits for its own result.
 */
import { readConfigureGlobal } from 'fast-check';
import { afterAll, beforeAll, describe, test, type TestContext } from 'vitest';
import { ALL_PROPERTIES } from '../../properties/catalogue.ts';
import { describeFailure } from '../../reports/counterexample-section.ts';
import { makeStyle } from '../../reports/style.ts';
import { isAsked } from '../campaign/plan.ts';
import { isSelected } from '../campaign/selection.ts';
import { resolveSettings } from '../config/settings.ts';
import type { CampaignEvent } from '../core/events.ts';
import type { DialectName } from '../core/migration.ts';
import type { Report, ReportMigration, ReportResult } from '../core/report.ts';
import { verify, type VerifyOptions } from './library.ts';
import { readSets } from './read-sets.ts';

export { regression } from './vitest-regression.ts';
export type { RegressionOptions } from './vitest-regression.ts';

/** As the options of `verify`. Without `seed` and `cases`, those of `fc.configureGlobal` count, as in `@fast-check/vitest`. */
export interface MigrationSuiteOptions extends Omit<VerifyOptions, 'signal' | 'configuration' | 'shard'> {
  /** Longest time for one test, milliseconds; a test waits for those before it. Ten minutes where it is absent. */
  readonly timeoutMs?: number | undefined;
  /** Whether a property about which nothing could be said fails its test. True where it is absent: a run that saw nothing proves nothing. */
  readonly failInconclusive?: boolean | undefined;
}

const TIMEOUT_MS = 600_000;
const STYLE = makeStyle({ width: 100, color: false, unicode: true });

/**
 * Registers the tests: call it at the top of a test file, with `await`. A property that is falsified fails with the counterexample, the seed
 * and the command that runs it again; one that cannot be asked is skipped with its reason. Throws `PalindromeError` where the migrations cannot
 * be read.
 */
export async function migrationSuite(options: MigrationSuiteOptions): Promise<void> {
  const { timeoutMs = TIMEOUT_MS, failInconclusive = true, ...asked } = options;
  const flags = { ...fromFastCheck(), ...asked };
  const cwd = flags.cwd ?? process.cwd();
  const settings = await resolveSettings({ paths: flags.paths ?? [], flags, cwd, env: {} });
  const seed = settings.run.seed;
  const sets = (await readSets(settings.sets, {})).map(({ settings: { shownAs }, set }) => ({ path: shownAs, set }));
  const results = makeResults(settings.sets.every(({ postgres }) => postgres.length === 1));
  const stop = new AbortController();
  let running: Promise<Report> | null = null;

  beforeAll(() => {
    running = verify({ ...flags, cwd, seed, signal: stop.signal, onEvent: (event) => results.take(event) });
    running.then(
      (report) => results.end(report),
      (error: unknown) => results.fail(error),
    );
  });
  afterAll(async () => {
    stop.abort();
    await running?.catch(() => undefined);
  }, timeoutMs);

  const selecting = { sets: sets.map(({ set }) => ({ set })), only: settings.run.only, shard: null };
  const properties = ALL_PROPERTIES.filter((property) => isAsked(settings.run, property));
  for (const [at, { path, set }] of sets.entries()) {
    const planned = selecting.sets[at];
    describe(path, () => {
      for (const migration of set.migrations) {
        if (planned === undefined || !isSelected(selecting, planned, migration)) continue;
        const isLast = migration === set.migrations.at(-1);
        describe(migration.name, () => {
          for (const { id, scenario } of properties) {
            if (scenario === 'chain' && !isLast) continue;
            test(
              id,
              async (context) => {
                const found = await results.of(path, migration.name, id);
                settle(found, { seed, dialect: set.dialect, context, failInconclusive });
              },
              timeoutMs,
            );
          }
        });
      }
    });
  }
}

function fromFastCheck(): Pick<VerifyOptions, 'seed' | 'cases'> {
  const { seed, numRuns } = readConfigureGlobal();
  return { ...(seed === undefined ? {} : { seed }), ...(numRuns === undefined ? {} : { cases: numRuns }) };
}

interface Found {
  readonly migration: ReportMigration;
  readonly results: readonly ReportResult[];
}

interface Settling {
  readonly seed: number;
  readonly dialect: DialectName;
  readonly context: TestContext;
  readonly failInconclusive: boolean;
}

function settle({ migration, results }: Found, { seed, dialect, context, failInconclusive }: Settling): void {
  const failed = results.filter(({ verdict, accepted }) => verdict === 'falsified' && accepted === null);
  if (failed.length > 0) {
    const blocks = failed.map((result, at) =>
      describeFailure({ set: { dialect }, migration, result }, at + 1, failed.length, STYLE).join('\n'),
    );
    throw new MigrationFailure(
      `${failed.map(({ reason }) => reason).join('; ')}\n{ seed: ${seed} }\n\n${blocks.join('\n\n')}`,
    );
  }
  const [open] = results.filter(({ verdict }) => verdict === 'inconclusive');
  if (open !== undefined && failInconclusive)
    throw new MigrationFailure(`inconclusive: ${open.reason}\n{ seed: ${seed}, cases: ${open.cases} }`);
  const [first] = results;
  if (open !== undefined || first === undefined || first.verdict === 'inapplicable')
    context.skip(open?.reason ?? first?.reason ?? 'it was not judged');
}

/** A property does not hold of a migration. Its stack says nothing, its message everything. */
class MigrationFailure extends Error {
  override readonly name = 'MigrationFailure';
  constructor(message: string) {
    super(message);
    this.stack = `${this.name}: ${message}`;
  }
}

/** Results as the campaign brings them; a test that asks early waits. `isOnOneVersion`: each set comes once. */
function makeResults(isOnOneVersion: boolean) {
  const finished = new Map<string, ReportMigration>();
  const waiting: (() => void)[] = [];
  let path = '';
  let report: Report | null = null;
  let fault: { readonly error: unknown } | null = null;
  const wake = (): void => {
    for (const go of waiting.splice(0)) go();
  };
  const isEnded = (): boolean => report !== null || fault !== null;
  return {
    take(event: CampaignEvent): void {
      if (event.type === 'set-started') ({ path } = event.set);
      if (event.type !== 'migration-finished') return;
      finished.set(JSON.stringify([path, event.migration.name]), event.migration);
      wake();
    },
    end(whole: Report): void {
      report = whole;
      wake();
    },
    fail(error: unknown): void {
      fault = { error };
      wake();
    },
    /** What was found; waits for the whole run where only that tells: the walk of all migrations, several versions, a run that broke off. */
    async of(set: string, name: string, property: string): Promise<Found> {
      const ofProperty = ({ results }: ReportMigration) => results.filter((result) => result.property === property);
      const key = JSON.stringify([set, name]);
      const early = (): Found | null => {
        const migration = isOnOneVersion ? finished.get(key) : undefined;
        const results = migration === undefined ? [] : ofProperty(migration);
        return migration === undefined || results.length === 0 ? null : { migration, results };
      };
      while (early() === null && !isEnded()) await new Promise<void>((resolve) => waiting.push(resolve));
      const found = early();
      if (found !== null) return found;
      if (fault !== null) throw fault.error;
      const all = report?.sets.filter((each) => each.path === set).flatMap(({ migrations }) => migrations) ?? [];
      const mine = all.filter((each) => each.name === name);
      const [migration] = mine;
      if (migration === undefined)
        throw new MigrationFailure(`${name} was not judged: ${report?.run.stoppedBecause ?? 'the run did not end'}`);
      return { migration, results: mine.flatMap(ofProperty) };
    },
  };
}
