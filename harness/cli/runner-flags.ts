/** The flags of the verbs that work on a database of the user's own. */
import type { Command } from 'commander';
import { LAYOUT_NAMES } from '../core/migration.ts';
import type { DialectName, LayoutName } from '../core/migration.ts';
import { duration, listOf, oneOf, wholeNumber } from './arguments.ts';
import type { RunnerFlags } from './open-runner.ts';

/** What commander gives. Flags that were not typed are absent. */
export interface RawRunnerFlags {
  readonly config?: string | undefined;
  readonly dialect?: DialectName | undefined;
  readonly layout?: LayoutName | undefined;
  readonly color?: boolean | undefined;
  readonly database?: string | undefined;
  readonly to?: string | undefined;
  readonly steps?: number | undefined;
  readonly inferDrop?: boolean | undefined;
  readonly evenWithRows?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  readonly wait?: boolean | undefined;
  readonly waitTries?: number | undefined;
  readonly waitDelay?: number | undefined;
  readonly lockTimeout?: number | undefined;
  readonly create?: boolean | undefined;
  readonly backup?: boolean | undefined;
  readonly statementTimeout?: number | undefined;
  readonly scriptTimeout?: number | undefined;
  readonly acceptChanged?: readonly string[] | undefined;
  readonly acceptMissing?: readonly string[] | undefined;
  readonly acceptOutOfOrder?: readonly string[] | undefined;
  readonly markApplied?: readonly string[] | undefined;
  readonly markPending?: readonly string[] | undefined;
}

/** Flags under the names of the settings. */
export function readRunnerFlags(raw: RawRunnerFlags): RunnerFlags {
  return {
    dryRun: raw.dryRun,
    wait: raw.wait,
    waitTries: raw.waitTries,
    waitDelayMs: raw.waitDelay,
    lockTimeoutMs: raw.lockTimeout,
    create: raw.create,
    backup: raw.backup,
    statementMs: raw.statementTimeout,
    scriptMs: raw.scriptTimeout,
    ...decisions(raw),
  };
}

function decisions(raw: RawRunnerFlags): RunnerFlags {
  const keys = ['acceptChanged', 'acceptMissing', 'acceptOutOfOrder', 'markApplied', 'markPending'] as const;
  return Object.fromEntries(keys.flatMap((key) => (raw[key] === undefined ? [] : [[key, raw[key]]])));
}

/** Where the database is, and waiting for it. */
export function addDatabaseFlags(command: Command): Command {
  return command
    .optionsGroup('Which database:')
    .option('--database <url or file>', 'a postgres:// URL or a SQLite file (or PALINDROME_DATABASE)')
    .option('--wait', 'go on asking for a database that is not up yet')
    .option('--wait-tries <n>', 'how often (default: 60)', wholeNumber(1, 100_000))
    .option('--wait-delay <time>', 'how long in between (default: 2s)', duration);
}

/** Where the migrations are. */
export function addFolderFlags(command: Command): Command {
  return command
    .optionsGroup('What to read:')
    .option('--config <file>', 'the configuration (default: the palindrome.config nearest to the folder)')
    .option('--dialect <name>', 'postgres or sqlite (default: the database’s)', oneOf(['postgres', 'sqlite']))
    .option('--layout <name>', `${LAYOUT_NAMES.join(', ')} (default: detected)`, oneOf(LAYOUT_NAMES));
}

/** How a database is changed. */
export function addChangeFlags(command: Command): Command {
  return command
    .option('--dry-run', 'say what would run, and write nothing')
    .option('--yes', 'do not ask before a database beyond this machine is changed')
    .option('--no-backup', 'SQLite: make no backup first')
    .option('--lock-timeout <time>', 'how long to wait for another runner (default: 10m)', duration)
    .option('--statement-timeout <time>', 'longest time for one statement (default: none)', duration)
    .option('--script-timeout <time>', 'longest time for one script (default: none)', duration);
}

/** Ways out where the files and the ledger disagree. */
export function addDecisionFlags(command: Command): Command {
  const ids = listOf((given) => given);
  return command
    .optionsGroup('Where files and ledger disagree (each is recorded in the ledger):')
    .option('--accept-changed <ids>', 'files that changed after they ran', ids)
    .option('--accept-missing <ids>', 'migrations whose files are gone', ids)
    .option('--accept-out-of-order <ids>', 'pending migrations before one that ran', ids)
    .option('--mark-applied <ids>', 'their effect is in the database already', ids)
    .option('--mark-pending <ids>', 'their effect is not in the database', ids);
}
