/**
 * The verbs and their flags. Nothing that a verb needs is loaded before the verb runs, so that help is instant.
 */
import { Command } from 'commander';
import { PROVIDER_CHOICES } from '../config/define-config.ts';
import { suggestion } from '../config/nearest.ts';
import { REPORT_FORMATS_IN_WORDS } from '../config/report-target.ts';
import { MAX_WORKERS } from '../config/workers.ts';
import { MOST_DATASET_ROWS } from '../core/mask-rule.ts';
import { LAYOUT_NAMES } from '../core/migration.ts';
import { PROPERTY_IDS } from '../core/property.ts';
import { duration, listOf, majorVersion, oneOf, repeated, shard, wholeNumber } from './arguments.ts';
import type { Io } from './io.ts';
import { addDatabaseFlags } from './runner-flags.ts';
import { addReportVerbs } from './report-program.ts';
import { addRunnerVerbs } from './runner-program.ts';
import { UsageFault } from './usage-fault.ts';

/** Commander's headings in our words. */
const TITLES: Readonly<Record<string, string>> = { 'Options:': 'Flags:', 'Commands:': 'Verbs:' };

const VERBS = [
  'verify',
  'fuzz',
  'baseline',
  'certify',
  'merge-reports',
  'mutate',
  'anonymise',
  'replay',
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
  addVerify(program, io, done);
  addFuzz(program, io, done);
  addBaseline(program, io, done);
  addCertify(program, io, done);
  addReportVerbs(program, addVerb, io, done);
  addMutate(program, io, done);
  addAnonymise(program, io, done);
  addReplay(program, io, done);
  addRunnerVerbs(program, addVerb, io, done);
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

function addVerify(program: Command, io: Io, done: (exitCode: number) => void): void {
  const command = addVerb(program, 'verify [paths...]', 'judge every migration of a folder on generated data');
  addJudgingFlags(addDatasetFlags(addServerFlags(addReadingFlags(command))))
    .option('--shard <i/n>', 'judge only the i-th of n slices; merge-reports joins what comes out', shard)
    .optionsGroup('What comes out:')
    .option(
      '--report <format[=file]>',
      `${REPORT_FORMATS_IN_WORDS}, to standard output or a file; repeatable`,
      repeated,
    )
    .option(
      '--baseline <file>',
      'known failures (default: palindrome.baseline.json beside the configuration, if there)',
    )
    .option('--base <file>', 'the JSON report to compare with, of the base branch (default: the last run in the store)')
    .option('--fail-on <which>', 'any or new: which failures fail the build (default: any)', oneOf(['any', 'new']))
    .option('--keep', 'leave the database of the first failure up and print its address')
    .option('--store <folder>', 'where counterexamples are kept (default: .palindrome)')
    .addHelpText(
      'after',
      `
Examples:
  palindrome verify db/migrations
  palindrome verify db/migrations --only '0012*' --property rollback-restores --cases 1000
  palindrome verify db/migrations --postgres 15,17 --report json=report.json`,
    );
  command.action(async (paths: string[], options: object) => {
    const { runVerify } = await import('./verbs/verify.ts');
    done(await runVerify(paths, options, io));
  });
}

function addFuzz(program: Command, io: Io, done: (exitCode: number) => void): void {
  const command = addVerb(
    program,
    'fuzz [paths...]',
    'search for failures until the time or the cases are used up, and go on after each',
  )
    .optionsGroup('How long:')
    .option('--for <time>', 'how long, with its unit: 90s, 10m, 2h (default: 10m)', duration)
    .option('--cases <n>', 'how many cases, of all migrations together', wholeNumber(1, 1_000_000_000))
    .option('--resume', 'go on with the last campaign over these folders that did not end');
  addJudgingFlags(addDatasetFlags(addServerFlags(addReadingFlags(command))), false)
    .optionsGroup('What comes out:')
    .option('--report <format[=file]>', 'terminal or json, to standard output or a file; repeatable', repeated)
    .option(
      '--baseline <file>',
      'known failures (default: palindrome.baseline.json beside the configuration, if there)',
    )
    .option('--base <file>', 'the JSON report to compare with, of the base branch (default: the last run in the store)')
    .option('--fail-on <which>', 'any or new: which failures fail the build (default: any)', oneOf(['any', 'new']))
    .option('--keep', 'leave the database of the first failure up and print its address')
    .option('--store <folder>', 'where counterexamples and journals are kept (default: .palindrome)')
    .addHelpText(
      'after',
      `
Exit codes: as verify; 3 also where the canary, a migration that is known to be wrong, was not falsified.

Examples:
  palindrome fuzz db/migrations --for 2h
  palindrome fuzz db/migrations --cases 5000 --seed 7
  palindrome fuzz db/migrations --resume`,
    );
  command.action(async (paths: string[], options: object) => {
    const { runFuzzVerb } = await import('./verbs/fuzz.ts');
    done(await runFuzzVerb(paths, options, io));
  });
}

function addBaseline(program: Command, io: Io, done: (exitCode: number) => void): void {
  const command = addVerb(
    program,
    'baseline [paths...]',
    'record the failures of today, so that verify fails for new ones alone',
  );
  addJudgingFlags(addDatasetFlags(addServerFlags(addReadingFlags(command))))
    .optionsGroup('What comes out:')
    .option('--baseline <file>', 'the file (default: palindrome.baseline.json beside the configuration)')
    .option('--update', 'take out what is fixed, and add nothing: a new failure is exit code 1')
    .option('--accept', 'with --update: add new failures too')
    .option('--store <folder>', 'where counterexamples are kept (default: .palindrome)')
    .addHelpText(
      'after',
      `
Exit codes: 0 written, 1 written and there are new failures that were not added, 4 written and something was inconclusive;
  3 and 130: the run did not end, nothing was written.

Examples:
  palindrome baseline db/migrations
  palindrome baseline db/migrations --update`,
    );
  command.action(async (paths: string[], options: object) => {
    const { runBaseline } = await import('./verbs/baseline.ts');
    done(await runBaseline(paths, options, io));
  });
}

function addCertify(program: Command, io: Io, done: (exitCode: number) => void): void {
  const command = addVerb(
    program,
    'certify [paths...]',
    'judge everything on every version, and write down what was judged; or hold that against a checkout',
  );
  addJudgingFlags(addServerFlags(addReadingFlags(command)))
    .option('--mutants <n>', 'mistakes planted into each migration (default: 0, none)', wholeNumber(0, 100_000))
    .option('--min-score <percent>', 'certify nothing where fewer of the mistakes are caught', wholeNumber(0, 100))
    .optionsGroup('What comes out:')
    .option('--out <file>', 'the certificate (default: palindrome-certificate.json)')
    .option('--key <file>', 'sign it with this Ed25519 key (PEM)')
    .option('--report <format[=file]>', 'as for verify; repeatable', repeated)
    .option('--store <folder>', 'where counterexamples are kept (default: .palindrome)')
    .optionsGroup('Or, judging nothing:')
    .option('--check <file>', 'whether the files are still as a certificate says')
    .option('--public-key <file>', 'with --check: the key with which it must be signed (PEM)')
    .addHelpText(
      'after',
      `
Exit codes: as verify; 1 also where too few mistakes are caught. With --check: 0 it stands, 1 it does not.

Examples:
  palindrome certify db/migrations --cases 200 --key release.pem
  palindrome certify --check palindrome-certificate.json --public-key release.pub.pem`,
    );
  command.action(async (paths: string[], options: object) => {
    const { runCertify } = await import('./verbs/certify.ts');
    done(await runCertify(paths, options, io));
  });
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

function addReplay(program: Command, io: Io, done: (exitCode: number) => void): void {
  const command = addVerb(program, 'replay <counterexample>', 'run a stored counterexample again, step by step');
  addServerFlags(addReadingFlags(command))
    .option('--keep', 'leave the database up and print its address')
    .option('--store <folder>', 'where counterexamples are kept (default: .palindrome)')
    .addHelpText(
      'after',
      `
Exit codes: 1 it still fails, 0 it is fixed, 4 it is stale (its rows no longer fit the schema), 3 it could not be run.

Examples:
  palindrome replay k3x9q2m0ab
  palindrome replay .palindrome/counterexamples/k3x9q2m0ab.json`,
    );
  command.action(async (idOrPath: string, options: object) => {
    const { runReplay } = await import('./verbs/replay.ts');
    done(await runReplay(idOrPath, options, io));
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

function addVerb(program: Command, usage: string, description: string): Command {
  return program
    .command(usage)
    .description(description)
    .allowExcessArguments(false)
    .usage(`${usage.slice(usage.indexOf(' ') + 1)} [flags]`.replace(/^\w+ \[flags\]$/u, '[flags]'))
    .helpOption('-h, --help', 'print help')
    .option('--color', 'colour, also where output is not a terminal')
    .option('--no-color', 'no colour (as NO_COLOR does)')
    .option('--debug', 'print stacks with errors');
}

function addReadingFlags(command: Command): Command {
  return command
    .optionsGroup('What to read:')
    .option('--config <file>', 'the configuration (default: the palindrome.config nearest to the folder)')
    .option('--dialect <name>', 'postgres or sqlite (default: detected)', oneOf(['postgres', 'sqlite']))
    .option('--layout <name>', `${LAYOUT_NAMES.join(', ')} (default: detected)`, oneOf(LAYOUT_NAMES));
}

function addServerFlags(command: Command): Command {
  return command
    .optionsGroup('Where it runs:')
    .option('--provider <name>', `${PROVIDER_CHOICES.join(', ')} (default: auto)`, oneOf(PROVIDER_CHOICES))
    .option('--postgres <versions>', 'PostgreSQL major versions, with commas', listOf(majorVersion))
    .option('--image <name>', 'container image')
    .option('--server-url <url>', 'a PostgreSQL server on which databases may be created (or PALINDROME_SERVER_URL)')
    .option('--allow-remote', 'allow a server beyond this machine');
}

function addDatasetFlags(command: Command): Command {
  return command
    .optionsGroup('Data to start from:')
    .option('--dataset <file or url>', 'a dump or a database, masked and used as a case (or PALINDROME_DATASET)')
    .option('--dataset-at <migration>', 'the last migration that had run on it (default: found out)')
    .option(
      '--dataset-rows <n>',
      'rows of a table beyond which only a part is taken (default: 500)',
      wholeNumber(1, MOST_DATASET_ROWS),
    );
}

function addJudgingFlags(command: Command, hasCases = true): Command {
  const group = command.optionsGroup('What to judge:');
  if (hasCases) group.option('--cases <n>', 'cases for each migration (default: 100)', wholeNumber(1, 1_000_000));
  return group
    .option(
      '--workers <n>',
      'most cases at once, verdicts do not depend on it (default: from the processors)',
      wholeNumber(1, MAX_WORKERS),
    )
    .option(
      '--seed <n>',
      'start of all randomness, 32 bits (default: drawn and printed)',
      wholeNumber(-2_147_483_648, 4_294_967_295),
    )
    .option('--only <glob>', 'judge only migrations whose name matches; the others still run')
    .option(
      '--property <id>',
      'judge only this property; repeatable, or several with commas',
      listOf(oneOf(PROPERTY_IDS)),
    )
    .option('--statement-timeout <time>', 'longest time for one statement (default: 30s)', duration)
    .option('--script-timeout <time>', 'longest time for one script (default: 2m)', duration);
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
