/**
 * The verbs and their flags. Nothing that a verb needs is loaded before the verb runs, so that help is instant.
 */
import { Command } from 'commander';
import { suggestion } from '../config/nearest.ts';
import { MAX_WORKERS } from '../config/workers.ts';
import { LAYOUT_NAMES } from '../core/migration.ts';
import { PROPERTY_IDS } from '../core/property.ts';
import { duration, listOf, oneOf, repeated, wholeNumber } from './arguments.ts';
import type { Io } from './io.ts';
import { addJudgingVerbs } from './judging-program.ts';
import { addDatasetFlags, addReadingFlags, addServerFlags, addVerb } from './program-flags.ts';
import { addDatabaseFlags } from './runner-flags.ts';
import { addQueueVerbs } from './queue-program.ts';
import { addReportVerbs } from './report-program.ts';
import { addRunnerVerbs } from './runner-program.ts';
import { addStoreVerbs } from './store-program.ts';
import { UsageFault } from './usage-fault.ts';

/** Commander's headings in our words. */
const TITLES: Readonly<Record<string, string>> = { 'Options:': 'Flags:', 'Commands:': 'Verbs:' };

const VERBS = [
  'verify',
  'fuzz',
  'baseline',
  'certify',
  'worker',
  'merge-reports',
  'mutate',
  'anonymise',
  'replay',
  'prune',
  'up',
  'down',
  'restore',
  'status',
  'doctor',
  'init',
];

/** The command line, ready to parse. `done` receives the exit code of the verb that ran. */
export function makeProgram(io: Io, done: (exitCode: number) => void): Command {
  const program = new Command('palindrome')
    .description(
      'Proves, on randomised data in throwaway databases, that database migrations read the same forward and back.',
    )
    .version(io.toolVersion, '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .argument('[verb]')
    .allowExcessArguments(true)
    .usage('<verb> [paths] [flags]')
    .action((verb: string | undefined) => {
      throw verb === undefined ? missingVerb(program) : unknownVerb(verb);
    });
  addJudgingVerbs(program, io, done);
  addQueueVerbs(program, io, done);
  addReportVerbs(program, io, done);
  addMutate(program, io, done);
  addAnonymise(program, io, done);
  addStoreVerbs(program, io, done);
  addRunnerVerbs(program, io, done);
  addStatus(program, io, done);
  addDoctor(program, io, done);
  addInit(program, io, done);
  program.addHelpText(
    'after',
    `
Exit codes: 0 everything judged held, 1 a property was falsified, 2 usage or configuration,
  3 the harness or its environment failed, 4 nothing falsified but something inconclusive or
  nothing ran, 130 interrupted.

First time? palindrome verify path/to/migrations`,
  );
  for (const command of [program, ...program.commands])
    command
      .exitOverride()
      .showHelpAfterError(false)
      .configureHelp({
        helpWidth: Math.min(io.columns ?? 100, 110),
        visibleArguments: () => [],
        subcommandTerm: (sub) => `${sub.name()} ${sub.usage()}`.replace(' [flags]', ''),
        styleTitle: (title) => TITLES[title] ?? title,
      })
      .configureOutput({ writeOut: io.out, writeErr: () => undefined });
  return program;
}

function addMutate(program: Command, io: Io, done: (exitCode: number) => void): void {
  const command = addVerb(
    program,
    'mutate [paths...]',
    'plant mistakes into the migrations, one at a time, and count how many the properties catch',
  );
  addServerFlags(addReadingFlags(command))
    .optionsGroup('What to plant:')
    .option(
      '--max <n>',
      'most mistakes planted into one migration, a sample by the seed (default: 20)',
      wholeNumber(1, 100_000),
    )
    .option('--cases <n>', 'most cases for each mutant (default: 10)', wholeNumber(1, 1_000_000))
    .option(
      '--workers <n>',
      'most mutants at once, results do not depend on it (default: from the processors)',
      wholeNumber(1, MAX_WORKERS),
    )
    .option(
      '--seed <n>',
      'start of all randomness, 32 bits (default: drawn and printed)',
      wholeNumber(-2_147_483_648, 4_294_967_295),
    )
    .option('--only <glob>', 'plant only into migrations whose name matches')
    .option(
      '--property <id>',
      'ask only this property; repeatable, or several with commas',
      listOf(oneOf(PROPERTY_IDS)),
    )
    .option('--statement-timeout <time>', 'longest time for one statement (default: 30s)', duration)
    .option('--script-timeout <time>', 'longest time for one script (default: 2m)', duration)
    .optionsGroup('What comes out:')
    .option('--report <format[=file]>', 'terminal or json, to standard output or a file; repeatable', repeated)
    .option('--min-score <percent>', 'fail where fewer of the mutants are caught', wholeNumber(0, 100))
    .addHelpText(
      'after',
      `
Exit codes: 0 measured, 1 the score is below --min-score, 2 usage or configuration, 3 the harness or
  its environment failed, 4 no mutant could be decided, 130 interrupted.

Examples:
  palindrome mutate db/migrations
  palindrome mutate db/migrations --only '0012*' --max 200
  palindrome mutate db/migrations --min-score 80 --report json=mutants.json`,
    );
  command.action(async (paths: string[], options: object) => {
    const { runMutate } = await import('./verbs/mutate.ts');
    done(await runMutate(paths, options, io));
  });
}

function addAnonymise(program: Command, io: Io, done: (exitCode: number) => void): void {
  const command = addVerb(
    program,
    'anonymise [paths...]',
    'show what verify would make of a dataset, column by column; judges nothing',
  );
  addDatasetFlags(addServerFlags(addReadingFlags(command)))
    .optionsGroup('What comes out:')
    .option('--out <file>', 'write the masked rows as a dataset in JSON')
    .addHelpText(
      'after',
      `
Examples:
  palindrome anonymise db/migrations --dataset staging.sql
  palindrome anonymise db/migrations --dataset postgres://reader@127.0.0.1/production --out masked.json`,
    );
  command.action(async (paths: string[], options: object) => {
    const { runAnonymise } = await import('./verbs/anonymise.ts');
    done(await runAnonymise(paths, options, io));
  });
}

function addStatus(program: Command, io: Io, done: (exitCode: number) => void): void {
  const command = addVerb(
    program,
    'status [paths...]',
    'order, checksums, downs and declared losses; with a database, what ran there',
  );
  addDatabaseFlags(addReadingFlags(command));
  command.action(async (paths: string[], options: object) => {
    const { runStatus } = await import('./verbs/status.ts');
    done(await runStatus(paths, options, io));
  });
}

function addDoctor(program: Command, io: Io, done: (exitCode: number) => void): void {
  const command = addVerb(program, 'doctor', "which providers work here, and why the others don't");
  addServerFlags(command);
  command.action(async (options: object) => {
    const { runDoctor } = await import('./verbs/doctor.ts');
    done(await runDoctor(options, io));
  });
}

function addInit(program: Command, io: Io, done: (exitCode: number) => void): void {
  const command = addVerb(program, 'init [path]', 'write a commented palindrome.config.ts from what is found');
  command
    .option('--dialect <name>', 'postgres or sqlite (default: detected)', oneOf(['postgres', 'sqlite']))
    .option('--layout <name>', `${LAYOUT_NAMES.join(', ')} (default: detected)`, oneOf(LAYOUT_NAMES));
  command.action(async (path: string | undefined, options: object) => {
    const { runInit } = await import('./verbs/init.ts');
    done(await runInit(path, options, io));
  });
}

function missingVerb(program: Command): UsageFault {
  return new UsageFault(`No verb was given.\n\n${program.helpInformation().trimEnd()}`, null);
}

function unknownVerb(typed: string): UsageFault {
  const isPath = /[/\\.]/u.test(typed);
  return new UsageFault(
    `There is no verb "${typed}"${suggestion(typed, VERBS)}`,
    isPath ? `Type: palindrome verify ${typed}` : `Verbs are ${VERBS.join(', ')}; palindrome --help says more.`,
  );
}
