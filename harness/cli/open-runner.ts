/** Composes the runner: settings, the set, and the open database. Shared by the command line and the library. */
import path from 'node:path';
import type { RunnerConfig } from '../config/define-config.ts';
import { resolveSettings } from '../config/settings.ts';
import type { Flags } from '../config/settings.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import type { Dialect } from '../core/dialect.ts';
import { PalindromeError } from '../core/errors.ts';
import type { BackupPolicy, LiveTarget, OpenLive } from '../core/live.ts';
import type { DialectName } from '../core/migration.ts';
import { NO_DECISIONS } from '../runner/types.ts';
import type { Decisions, RunnerContext } from '../runner/types.ts';
import { openWhenReady } from '../runner/wait.ts';
import { isRemote, parseTarget } from './live-target.ts';
import type { ReadSet } from './read-sets.ts';
import { readSets } from './read-sets.ts';

/** Longest time for a statement or script where none is given: the longest that a limit can be. */
const NO_LIMIT_MS = 86_400_000;

export const RUNNER_DEFAULTS = {
  ledger: 'palindrome_ledger',
  confirm: 'remote',
  lockTimeoutMs: 600_000,
  wait: { tries: 60, delayMs: 2_000 },
  backup: { retentionDays: 30, maxBackups: 10 },
} as const;

/** What the flags of `up`, `down`, `status` and `restore` say; a key that is absent was not given. */
export interface RunnerFlags extends Partial<Decisions> {
  readonly dryRun?: boolean | undefined;
  /** Go on asking for a database that is not up yet. */
  readonly wait?: boolean | undefined;
  readonly waitTries?: number | undefined;
  readonly waitDelayMs?: number | undefined;
  readonly lockTimeoutMs?: number | undefined;
  /** SQLite: make the file where there is none. */
  readonly create?: boolean | undefined;
  /** SQLite: false makes no backup. */
  readonly backup?: boolean | undefined;
  readonly statementMs?: number | undefined;
  readonly scriptMs?: number | undefined;
}

export interface OpenRequest {
  readonly paths: readonly string[];
  readonly flags: Pick<Flags, 'config' | 'dialect' | 'layout'>;
  readonly runner: RunnerFlags;
  /** A URL or a file, as it was given. */
  readonly database: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly inline?: LoadedConfig | undefined;
  readonly signal: AbortSignal;
  readonly onWait: (tried: number, reason: string) => void;
}

/** A runner that is ready; disposing it closes the database and gives the lock back. */
export interface OpenRunner extends AsyncDisposable {
  readonly read: ReadSet;
  readonly target: LiveTarget;
  readonly isRemote: boolean;
  readonly config: RunnerConfig;
  readonly context: Omit<RunnerContext, 'emit' | 'confirm'>;
}

/** Reads the set, then opens the database. Nothing that could write is opened for a dry run or a status. */
export async function openRunner(request: OpenRequest, use: 'read' | 'write'): Promise<OpenRunner> {
  const { runner, cwd, signal } = request;
  const target = parseTarget(request.database, cwd);
  const read = await readOneSet(request, target.dialect);
  const config = read.settings.config.runner ?? {};
  const { open, dialect } = await loadLive(target.dialect);
  const { sqlite } = read.settings.config;
  const live = await openWhenReady(
    async () =>
      open(target, {
        readOnly: use === 'read',
        ledgerTable: config.ledger ?? RUNNER_DEFAULTS.ledger,
        create: runner.create ?? false,
        foreignKeys: sqlite?.foreignKeys ?? read.set.sqliteForeignKeys,
        functions: sqlite?.functions ?? {},
      }),
    {
      tries: runner.wait === true ? (runner.waitTries ?? config.wait?.tries ?? RUNNER_DEFAULTS.wait.tries) : 1,
      delayMs: runner.waitDelayMs ?? config.wait?.delayMs ?? RUNNER_DEFAULTS.wait.delayMs,
      signal,
      onWait: request.onWait,
    },
  );
  return {
    read,
    target,
    config,
    isRemote: isRemote(target),
    context: {
      set: read.set,
      dialect,
      live,
      limits: { statementMs: runner.statementMs ?? NO_LIMIT_MS, scriptMs: runner.scriptMs ?? NO_LIMIT_MS },
      decisions: { ...NO_DECISIONS, ...decisionsOf(runner) },
      isDryRun: runner.dryRun ?? false,
      lockTimeoutMs: runner.lockTimeoutMs ?? config.lockTimeoutMs ?? RUNNER_DEFAULTS.lockTimeoutMs,
      backup: runner.backup === false ? null : backupPolicy(target, config, read.settings.source),
      signal,
    },
    [Symbol.asyncDispose]: () => live[Symbol.asyncDispose](),
  };
}

/** Where backups of a SQLite file go; null for PostgreSQL. */
export function backupPolicy(
  target: LiveTarget,
  { backup }: RunnerConfig,
  source: LoadedConfig | null,
): BackupPolicy | null {
  if (target.dialect !== 'sqlite') return null;
  const beside = path.dirname(target.file);
  return {
    folder:
      backup?.directory === undefined
        ? path.join(beside, 'backups')
        : path.resolve(source === null ? beside : path.dirname(source.file), backup.directory),
    retentionDays: backup?.retentionDays ?? RUNNER_DEFAULTS.backup.retentionDays,
    maxBackups: backup?.maxBackups ?? RUNNER_DEFAULTS.backup.maxBackups,
  };
}

async function readOneSet({ paths, flags, cwd, env, inline }: OpenRequest, dialect: DialectName): Promise<ReadSet> {
  const settings = await resolveSettings({ paths, flags, cwd, env, inline });
  const [only, other] = settings.sets;
  if (only === undefined || other !== undefined)
    throw new PalindromeError('one-set-needed', 'A database is migrated by one folder of migrations.', {
      hint: 'Run the command once for each folder, each with a ledger of its own (runner.ledger in the configuration).',
    });
  const [read] = await readSets([{ ...only, dialect: only.dialect ?? dialect }], env);
  if (read === undefined) throw new TypeError('a set was read');
  if (read.set.dialect === dialect) return read;
  throw new PalindromeError(
    'database-mismatch',
    `${read.set.path} is written for ${read.set.dialect}, and the database is ${dialect}.`,
    { hint: 'Give the folder or the database that you mean.' },
  );
}

function decisionsOf(runner: RunnerFlags): Partial<Decisions> {
  const given = (Object.keys(NO_DECISIONS) as (keyof Decisions)[]).flatMap((key) => {
    const value = runner[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(given);
}

async function loadLive(name: DialectName): Promise<{ readonly open: OpenLive; readonly dialect: Dialect }> {
  if (name === 'sqlite') {
    const [{ openLiveSqlite }, { sqliteDialect }] = await Promise.all([
      import('../dialects/sqlite/live.ts'),
      import('../dialects/sqlite/dialect.ts'),
    ]);
    return { open: openLiveSqlite, dialect: sqliteDialect };
  }
  const [{ openLivePostgres }, { postgresDialect }] = await Promise.all([
    import('../dialects/postgres/live.ts'),
    import('../dialects/postgres/dialect.ts'),
  ]);
  return { open: openLivePostgres, dialect: postgresDialect };
}
