/** The verbs that work on a database of the user's own. */
import type { Command } from 'commander';
import { duration, wholeNumber } from './arguments.ts';
import type { Io } from './io.ts';
import { addVerb } from './program-flags.ts';
import { addChangeFlags, addDatabaseFlags, addDecisionFlags, addFolderFlags } from './runner-flags.ts';

const EXIT_CODES = `
Exit codes: 0 done, 1 a script failed, 2 refused (nothing was changed) or mistyped, 3 the database or this
  machine failed, 130 interrupted.`;

/** Adds `up`, `down` and `restore`. */
export function addRunnerVerbs(program: Command, io: Io, done: (exitCode: number) => void): void {
  const up = addVerb(
    program,
    'up [path]',
    'run the pending migrations on a database of yours, and record them in its ledger',
  );
  addDatabaseFlags(addFolderFlags(up))
    .option('--create', 'SQLite: make the file where there is none')
    .optionsGroup('What to do:')
    .option('--to <id>', 'the last migration to run (default: all)');
  addDecisionFlags(addChangeFlags(up)).addHelpText(
    'after',
    `${EXIT_CODES}

Examples:
  palindrome up db/migrations --database postgres://app@127.0.0.1/app --dry-run
  palindrome up db/migrations --database data/state.db`,
  );
  up.action(async (path: string | undefined, options: object) => {
    const { runUpVerb } = await import('./verbs/migrate.ts');
    done(await runUpVerb(path === undefined ? [] : [path], options, io));
  });

  const down = addVerb(program, 'down [path]', 'undo migrations that ran, the last one first');
  addDatabaseFlags(addFolderFlags(down))
    .optionsGroup('What to do:')
    .option('--steps <n>', 'how many migrations (default: 1)', wholeNumber(1, 1_000_000))
    .option('--to <id>', 'the migration that stays as the last one')
    .option('--infer-drop', 'where there is no down script, drop what the migration created')
    .option('--even-with-rows', 'with --infer-drop, drop tables though they hold rows');
  addDecisionFlags(addChangeFlags(down)).addHelpText(
    'after',
    `${EXIT_CODES}

Examples:
  palindrome down db/migrations --database data/state.db
  palindrome down db/migrations --database postgres://app@127.0.0.1/app --steps 2 --dry-run`,
  );
  down.action(async (path: string | undefined, options: object) => {
    const { runDownVerb } = await import('./verbs/migrate.ts');
    done(await runDownVerb(path === undefined ? [] : [path], options, io));
  });

  const restore = addVerb(program, 'restore', 'SQLite: put a backup in the place of a database, which is kept aside');
  restore
    .option('--database <file>', 'the SQLite file (or PALINDROME_DATABASE)')
    .option('--from <backup>', 'the backup (default: the youngest that is whole)')
    .option('--config <file>', 'the configuration (default: the palindrome.config here)')
    .option('--dry-run', 'check the backup, and change nothing')
    .option('--yes', 'do not ask')
    .option('--lock-timeout <time>', 'how long to wait for a runner (default: 10m)', duration)
    .addHelpText(
      'after',
      `${EXIT_CODES}

Example:
  palindrome restore --database data/state.db`,
    );
  restore.action(async (options: object) => {
    const { runRestore } = await import('./verbs/restore.ts');
    done(await runRestore(options, io));
  });
}
