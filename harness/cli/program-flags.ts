/** What several verbs share: their frame, and the flags that mean the same everywhere. */
import type { Command } from 'commander';
import { PROVIDER_CHOICES } from '../config/define-config.ts';
import { MAX_WORKERS } from '../config/workers.ts';
import { MOST_DATASET_ROWS } from '../core/mask-rule.ts';
import { LAYOUT_NAMES } from '../core/migration.ts';
import { PROPERTY_IDS } from '../core/property.ts';
import { duration, listOf, majorVersion, oneOf, wholeNumber } from './arguments.ts';

/** Help of `--store`, wherever it is taken. */
export const STORE_HELP = 'a folder or a postgres:// URL (or PALINDROME_STORE; default: .palindrome)';

/** A verb with the flags that every verb has. */
export function addVerb(program: Command, usage: string, description: string): Command {
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

/** Which migrations, and how they are laid out. */
export function addReadingFlags(command: Command): Command {
  return command
    .optionsGroup('What to read:')
    .option('--config <file>', 'the configuration (default: the palindrome.config nearest to the folder)')
    .option('--dialect <name>', 'postgres or sqlite (default: detected)', oneOf(['postgres', 'sqlite']))
    .option('--layout <name>', `${LAYOUT_NAMES.join(', ')} (default: detected)`, oneOf(LAYOUT_NAMES));
}

/** Where databases come from. */
export function addServerFlags(command: Command): Command {
  return command
    .optionsGroup('Where it runs:')
    .option('--provider <name>', `${PROVIDER_CHOICES.join(', ')} (default: auto)`, oneOf(PROVIDER_CHOICES))
    .option('--postgres <versions>', 'PostgreSQL major versions, with commas', listOf(majorVersion))
    .option('--image <name>', 'container image')
    .option('--server-url <url>', 'a PostgreSQL server on which databases may be created (or PALINDROME_SERVER_URL)')
    .option('--allow-remote', 'allow a server beyond this machine');
}

/** Other people's data as a case. */
export function addDatasetFlags(command: Command): Command {
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

/** What is judged, and how much of it. `hasCases`: as many for each migration. */
export function addJudgingFlags(command: Command, hasCases = true): Command {
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
