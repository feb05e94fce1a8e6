/**
 * Palindrome as a library: `import { verify, defineConfig } from 'palindrome'`. It reads no environment variable, prints nothing, ends no process.
 */
import type { UserConfig } from '../config/define-config.ts';
import type { Flags } from '../config/settings.ts';
import type { CampaignEvent } from '../core/events.ts';
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
export { PalindromeError } from '../core/errors.ts';
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
  const [{ resolveSettings }, { verifySets }, { readToolVersion }, { validateConfig }, path] = await Promise.all([
    import('../config/settings.ts'),
    import('./verify-sets.ts'),
    import('./version.ts'),
    import('../config/validate.ts'),
    import('node:path'),
  ]);
  const inline =
    configuration === undefined
      ? undefined
      : { file: path.join(cwd, 'configuration'), shownAs: 'configuration', ...validateConfig(configuration) };
  const settings = await resolveSettings({ paths, flags, cwd, env: {}, inline });
  return verifySets({
    settings,
    env: {},
    signal: signal ?? new AbortController().signal,
    toolVersion: readToolVersion(),
    emit: onEvent ?? (() => undefined),
  });
}
