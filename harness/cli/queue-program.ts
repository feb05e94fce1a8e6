/** Campaigns that several machines share: the flags of who submits, and the verb of who works. */
import type { Command } from 'commander';
import { PROVIDER_CHOICES } from '../config/define-config.ts';
import { MAX_WORKERS } from '../config/workers.ts';
import { oneOf, wholeNumber } from './arguments.ts';
import type { Io } from './io.ts';
import { addVerb } from './program-flags.ts';

/** Flags of `fuzz` that give the work to a queue. */
export function addQueueFlags(command: Command): Command {
  return command
    .optionsGroup('Who does it:')
    .option('--queue [url]', 'workers of this queue, by its postgres:// URL (or PALINDROME_QUEUE)')
    .option(
      '--items <n>',
      'with --queue: into how many pieces (default: one a migration, at most 64)',
      wholeNumber(1, 9999),
    );
}

/** Adds `worker`. */
export function addQueueVerbs(program: Command, io: Io, done: (exitCode: number) => void): void {
  const command = addVerb(
    program,
    'worker',
    'work on campaigns that fuzz --queue submits, in a checkout of the same files',
  );
  command
    .optionsGroup('What to work on:')
    .option('--queue <url>', 'the postgres:// URL of the queue (or PALINDROME_QUEUE)')
    .option('--campaign <id>', 'only this campaign (default: the oldest that is not done)')
    .option('--drain', 'end when nothing is waiting (default: wait for more)')
    .optionsGroup('Where it runs:')
    .option('--workers <n>', 'most cases at once (default: from the processors)', wholeNumber(1, MAX_WORKERS))
    .option('--provider <name>', `${PROVIDER_CHOICES.join(', ')} (default: auto)`, oneOf(PROVIDER_CHOICES))
    .option('--image <name>', 'container image')
    .option('--server-url <url>', 'a PostgreSQL server on which databases may be created (or PALINDROME_SERVER_URL)')
    .option('--allow-remote', 'allow a server beyond this machine')
    .addHelpText(
      'after',
      `
Exit codes: 0 nothing is left to do (--drain), 2 its files or its version are not those of the campaign, 3 the queue or
  the environment failed, 130 asked to stop; what it had in hand is given back.

Examples:
  palindrome worker --queue postgres://palindrome@queue.example/palindrome
  PALINDROME_QUEUE=postgres://… palindrome worker --drain --provider embedded`,
    );
  command.action(async (options: object) => {
    const { runWorker } = await import('./verbs/worker.ts');
    done(await runWorker(options, io));
  });
}
