/** The verbs that judge migrations. */
import type { Command } from 'commander';
import { REPORT_FORMATS_IN_WORDS } from '../config/report-target.ts';
import { duration, oneOf, repeated, shard, wholeNumber } from './arguments.ts';
import type { Io } from './io.ts';
import { addQueueFlags } from './queue-program.ts';
import {
  addDatasetFlags,
  addJudgingFlags,
  addReadingFlags,
  addServerFlags,
  addVerb,
  STORE_HELP,
} from './program-flags.ts';

/** Adds `verify`, `fuzz`, `baseline` and `certify`. */
export function addJudgingVerbs(program: Command, io: Io, done: (exitCode: number) => void): void {
  addVerify(program, io, done);
  addFuzz(program, io, done);
  addBaseline(program, io, done);
  addCertify(program, io, done);
}

/** Which part of the sets a run judges, and what comes out of it. */
function addRunFlags(command: Command): Command {
  return command
    .option(
      '--since <ref>',
      'judge only what was changed since a git ref, and later migrations that name the same tables',
    )
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
    .option('--store <place>', STORE_HELP);
}

function addVerify(program: Command, io: Io, done: (exitCode: number) => void): void {
  const command = addVerb(program, 'verify [paths...]', 'judge every migration of a folder on generated data');
  addJudgingFlags(addDatasetFlags(addServerFlags(addReadingFlags(command))));
  addRunFlags(command)
    .option('--watch', 'verify again whenever something is saved, what was changed first; Ctrl-C ends')
    .addHelpText(
      'after',
      `
Examples:
  palindrome verify db/migrations
  palindrome verify db/migrations --watch
  palindrome verify db/migrations --only '0012*' --property rollback-restores --cases 1000
  palindrome verify db/migrations --postgres 15,17 --report json=report.json`,
    );
  command.action(async (paths: string[], { watch, ...options }: { readonly watch?: true }) => {
    if (watch === true) {
      const { runWatch } = await import('./verbs/watch.ts');
      return done(await runWatch(paths, options, io));
    }
    const { runVerify } = await import('./verbs/verify.ts');
    return done(await runVerify(paths, options, io));
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
    .option('--cases-each <n>', 'how many cases of each migration: for --queue and --shard', wholeNumber(1, 1_000_000))
    .option('--resume', 'go on with the last campaign over these folders that did not end');
  addQueueFlags(command);
  addJudgingFlags(addDatasetFlags(addServerFlags(addReadingFlags(command))), false);
  addRunFlags(command).addHelpText(
    'after',
    `
Exit codes: as verify; 3 also where the canary, a migration that is known to be wrong, was not falsified.

Examples:
  palindrome fuzz db/migrations --for 2h
  palindrome fuzz db/migrations --cases 5000 --seed 7
  palindrome fuzz db/migrations --resume
  palindrome fuzz db/migrations --queue --cases-each 500`,
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
    .option('--store <place>', STORE_HELP)
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
    .option('--store <place>', STORE_HELP)
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
