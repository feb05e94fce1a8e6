/**
 * Palindrome as a library: `import { verify, defineConfig } from 'palindrome'`. It reads no environment variable, prints nothing, ends no process.
 */
import type { UserConfig } from '../config/define-config.ts';
import type { Flags, Settings } from '../config/settings.ts';
import type { CampaignEvent } from '../core/events.ts';
import type { MutantsReport } from '../core/mutants-report.ts';
import type { Report } from '../core/report.ts';

export { defineConfig } from '../config/define-config.ts';
export type {
  ConserveConfig,
  AnonymiseConfig,
  DeclareConfig,
  IgnoreConfig,
  InvariantConfig,
  ModelConfig,
  ParityConfig,
  PrepareConfig,
  QueryConfig,
  RunnerConfig,
  SqliteConfig,
  UserConfig,
  WaiverConfig,
} from '../config/define-config.ts';
export type { DatasetConfig, DatasetRow, DatasetRows } from '../../generators/datasets/dataset-generator.ts';
export type { InvariantCheck, ReadOnlyDatabase } from '../core/invariant.ts';
export type { PagerConfig, PagerKeyConfig } from '../config/pager-config.ts';
export type { ModuleItem, ModulePage, ModuleScan, OpenPager, PagerConnection } from '../core/pager.ts';
export { PalindromeError } from '../core/errors.ts';
export { replay } from './replay-library.ts';
export type { LiteralCase, LiteralOutcome, LiteralRows } from './replay-library.ts';
export { down, restore, status, up } from './runner-library.ts';
export type { DownOptions, RestoreOptions, RunnerOptions, UpOptions } from './runner-library.ts';
export type { BackupReport, LedgerRow, LedgerState } from '../core/live.ts';
export type { RestoreReport } from '../dialects/sqlite/restore.ts';
export type { Standing, StandingEntry } from '../runner/standing.ts';
export type { StatusReport } from '../runner/status.ts';
export type { RunnerEvent, RunReport, Step, StepFailure } from '../runner/types.ts';
export type { CampaignEvent } from '../core/events.ts';
export type {
  GenerationSummary,
  Report,
  ReportBaseline,
  ReportCounterexample,
  ReportMigration,
  ReportResult,
  ReportRun,
  ReportSet,
  ReportWaiver,
} from '../core/report.ts';

export type {
  MutantCounts,
  MutantsMigration,
  MutantsReport,
  MutantsSet,
  MutantStatus,
  ReportMutant,
} from '../core/mutants-report.ts';

/** As the flags of `palindrome verify`; what is absent comes from the configuration, then from the defaults. */
export interface VerifyOptions extends Omit<Flags, 'report' | 'color'> {
  /** Folders of migrations; without them, the configuration's. */
  readonly paths?: readonly string[] | undefined;
  /** What paths are relative to; without it, the process's folder. */
  readonly cwd?: string | undefined;
  /** Configuration given in code, instead of a file. Its paths are relative to `cwd`. */
  readonly configuration?: UserConfig | undefined;
  /** Aborting it finishes the case, cleans up, and returns a report with exit code 130. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: CampaignEvent) => void) | undefined;
}

/**
 * Verifies migrations and returns the report. Whatever was started is stopped when the promise settles.
 * Throws `PalindromeError` where the input is wrong (`kind` `usage`) or nothing could be run (`environment`).
 */
export async function verify(options: VerifyOptions): Promise<Report> {
  const { paths = [], cwd = process.cwd(), configuration, signal, onEvent, ...flags } = options;
  const [settings, { verifySets }, { readToolVersion }] = await Promise.all([
    settingsOf({ paths, cwd, configuration }, flags),
    import('./verify-sets.ts'),
    import('./version.ts'),
  ]);
  return verifySets({
    settings,
    env: {},
    signal: signal ?? new AbortController().signal,
    toolVersion: readToolVersion(),
    emit: onEvent ?? (() => undefined),
  });
}

/** As the flags of `palindrome fuzz`. */
export interface FuzzOptions extends Omit<VerifyOptions, 'cases'> {
  /** How long, milliseconds; absent: not by time. Where `cases` is absent too, ten minutes. */
  readonly forMs?: number | undefined;
  /** Cases of all migrations together. */
  readonly cases?: number | undefined;
  /** Goes on with the last campaign over these folders that did not end. */
  readonly resume?: boolean | undefined;
}

/** Fuzzes migrations and returns the report. Whatever was started is stopped when the promise settles. Throws as `verify`. */
export async function fuzz(options: FuzzOptions): Promise<Report> {
  const { paths = [], cwd = process.cwd(), configuration, signal, onEvent, forMs, cases, resume, ...flags } = options;
  const [settings, { fuzzSets }, { readToolVersion }] = await Promise.all([
    settingsOf({ paths, cwd, configuration }, flags),
    import('./fuzz-sets.ts'),
    import('./version.ts'),
  ]);
  return fuzzSets({
    settings,
    budget: { ms: forMs ?? null, cases: cases ?? null },
    isResuming: resume ?? false,
    env: {},
    signal: signal ?? new AbortController().signal,
    toolVersion: readToolVersion(),
    emit: onEvent ?? (() => undefined),
  });
}

/** As the flags of `palindrome mutate`. Cases and reports of a configuration are those of `verify`, and not used here. */
export interface MutateOptions extends Omit<
  VerifyOptions,
  'onEvent' | 'keep' | 'store' | 'dataset' | 'datasetAt' | 'datasetRows'
> {
  /** Most mutants of a migration; 20 where it is absent. */
  readonly max?: number | undefined;
  /** In percent: below it the report's exit code is 1. */
  readonly minScore?: number | undefined;
}

/**
 * Plants mistakes into migrations, one at a time, and returns the report of how many the properties catch. Whatever was started is stopped
 * when the promise settles. Throws as `verify`.
 */
export async function mutate(options: MutateOptions): Promise<MutantsReport> {
  const { paths = [], cwd = process.cwd(), configuration, signal, max, minScore, ...flags } = options;
  const [{ DEFAULT_MAX_MUTANTS, DEFAULT_MUTANT_CASES, mutateSets }, { readToolVersion }] = await Promise.all([
    import('./mutate-sets.ts'),
    import('./version.ts'),
  ]);
  const asked = { ...flags, cases: flags.cases ?? DEFAULT_MUTANT_CASES, report: ['terminal'] };
  return mutateSets({
    settings: await settingsOf({ paths, cwd, configuration }, asked),
    max: max ?? DEFAULT_MAX_MUTANTS,
    minScore: minScore ?? null,
    env: {},
    signal: signal ?? new AbortController().signal,
    toolVersion: readToolVersion(),
    onProgress: () => undefined,
  });
}

async function settingsOf(
  { paths, cwd, configuration }: { paths: readonly string[]; cwd: string; configuration: UserConfig | undefined },
  flags: Flags,
): Promise<Settings> {
  const [{ resolveSettings }, { validateConfig }, path] = await Promise.all([
    import('../config/settings.ts'),
    import('../config/validate.ts'),
    import('node:path'),
  ]);
  const inline =
    configuration === undefined
      ? undefined
      : { file: path.join(cwd, 'configuration'), shownAs: 'configuration', ...validateConfig(configuration) };
  return resolveSettings({ paths, flags, cwd, env: {}, inline });
}
