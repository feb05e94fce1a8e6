/**
 * The runner as a library: `import { up, down, status } from 'palindrome'`. It reads no environment variable, asks nobody, prints nothing.
 */
import type { UserConfig } from '../config/define-config.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { PalindromeError } from '../core/errors.ts';
import type { DialectName, LayoutName } from '../core/migration.ts';
import type { RestoreReport } from '../dialects/sqlite/restore.ts';
import type { RunnerContext, RunnerEvent, RunReport } from '../runner/types.ts';
import type { StatusReport } from '../runner/status.ts';
import type { OpenRequest, OpenRunner, RunnerFlags } from './open-runner.ts';

/** Where migrations and database are, and how the runner goes about it. */
export interface RunnerOptions extends RunnerFlags {
  /** The database: a `postgres://` URL, or the path of a SQLite file. */
  readonly database: string;
  /** The folder of migrations; without it, the configuration's. */
  readonly path?: string | undefined;
  /** What paths are relative to; without it, the process's folder. */
  readonly cwd?: string | undefined;
  readonly config?: string | undefined;
  /** Configuration given in code, instead of a file. Its paths are relative to `cwd`. */
  readonly configuration?: UserConfig | undefined;
  readonly dialect?: DialectName | undefined;
  readonly layout?: LayoutName | undefined;
  /** Needed for a database beyond this machine. */
  readonly yes?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: RunnerEvent) => void) | undefined;
}

export interface UpOptions extends RunnerOptions {
  /** Id or name of the last migration to run; without it all pending ones. */
  readonly to?: string | undefined;
}

export interface DownOptions extends RunnerOptions {
  /** How many migrations, default 1. */
  readonly steps?: number | undefined;
  /** Id or name of the migration that stays as the last one; instead of `steps`. */
  readonly to?: string | undefined;
  readonly inferDrop?: boolean | undefined;
  readonly evenWithRows?: boolean | undefined;
}

/** Runs the pending migrations. A script that fails is in the report; what is refused is thrown as `PalindromeError`, with nothing changed. */
export async function up(options: UpOptions): Promise<RunReport> {
  const { runUp } = await import('../runner/up.ts');
  return withRunner(options, options.dryRun === true ? 'read' : 'write', async ({ context }, callbacks) =>
    runUp({ ...context, ...callbacks }, { to: options.to ?? null }),
  );
}

/** Undoes migrations, the one that ran last first. As `up`. */
export async function down(options: DownOptions): Promise<RunReport> {
  const { runDown } = await import('../runner/down.ts');
  const { steps = 1, to = null, inferDrop = false, evenWithRows = false } = options;
  return withRunner(options, options.dryRun === true ? 'read' : 'write', async ({ context }, callbacks) =>
    runDown({ ...context, ...callbacks }, { steps, to, inferDrop, evenWithRows }),
  );
}

/** Where a database stands. Changes nothing. */
export async function status(options: RunnerOptions): Promise<StatusReport> {
  const { readStatus } = await import('../runner/status.ts');
  return withRunner(options, 'read', async ({ context }) => readStatus(context));
}

export interface RestoreOptions {
  /** The path of a SQLite file. */
  readonly database: string;
  /** The path of a backup; without it the youngest that is whole. */
  readonly from?: string | undefined;
  readonly cwd?: string | undefined;
  readonly configuration?: UserConfig | undefined;
  readonly dryRun?: boolean | undefined;
  readonly lockTimeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Puts a backup in the place of a SQLite database, which is kept aside. Throws `PalindromeError` with the database as it was. */
export async function restore(options: RestoreOptions): Promise<RestoreReport> {
  const [{ restoreDatabase }, { cwd, inline }] = await Promise.all([
    import('./restore.ts'),
    readInline(options.cwd, options.configuration),
  ]);
  return restoreDatabase({
    database: options.database,
    from: options.from ?? null,
    cwd,
    source: inline ?? null,
    isDryRun: options.dryRun ?? false,
    lockTimeoutMs: options.lockTimeoutMs ?? null,
    signal: options.signal ?? new AbortController().signal,
    onWait: () => undefined,
    confirm: async () => true,
  });
}

type Callbacks = Pick<RunnerContext, 'emit' | 'confirm'>;

async function withRunner<T>(
  options: RunnerOptions,
  use: 'read' | 'write',
  work: (runner: OpenRunner, callbacks: Callbacks) => Promise<T>,
): Promise<T> {
  const [{ openRunner }, { cwd, inline }] = await Promise.all([
    import('./open-runner.ts'),
    readInline(options.cwd, options.configuration),
  ]);
  const request: OpenRequest = {
    paths: options.path === undefined ? [] : [options.path],
    flags: { config: options.config, dialect: options.dialect, layout: options.layout },
    runner: options,
    database: options.database,
    cwd,
    env: {},
    inline,
    signal: options.signal ?? new AbortController().signal,
    onWait: () => undefined,
  };
  await using runner = await openRunner(request, use);
  return await work(runner, {
    emit: options.onEvent ?? (() => undefined),
    confirm: async () => {
      const mustAgree = runner.isRemote || runner.config.confirm === 'always';
      if (!mustAgree || options.yes === true) return true;
      throw new PalindromeError(
        'not-confirmed',
        `${runner.context.live.address} would be changed, and nobody agreed to it.`,
        {
          hint: 'If that is meant: yes: true.',
        },
      );
    },
  });
}

async function readInline(
  cwd: string = process.cwd(),
  configuration?: UserConfig,
): Promise<{ readonly cwd: string; readonly inline: LoadedConfig | undefined }> {
  if (configuration === undefined) return { cwd, inline: undefined };
  const [{ validateConfig }, path] = await Promise.all([import('../config/validate.ts'), import('node:path')]);
  const file = path.join(cwd, 'configuration');
  return { cwd, inline: { file, shownAs: 'configuration', ...validateConfig(configuration) } };
}
