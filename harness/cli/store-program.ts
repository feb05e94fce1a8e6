/** The verbs that work on stored failures. */
import type { Command } from 'commander';
import type { Io } from './io.ts';
import { addReadingFlags, addServerFlags, addVerb, STORE_HELP } from './program-flags.ts';

/** Adds `replay` and `prune`. */
export function addStoreVerbs(program: Command, io: Io, done: (exitCode: number) => void): void {
  addReplay(program, io, done);
  addPrune(program, io, done);
}

function addReplay(program: Command, io: Io, done: (exitCode: number) => void): void {
  const command = addVerb(
    program,
    'replay [counterexample]',
    'run a stored counterexample again, step by step; or all of them',
  );
  addServerFlags(addReadingFlags(command))
    .optionsGroup('Which failures:')
    .option('--all', 'everything in the store')
    .option('--from <folder>', 'those of a folder: a store, or the unpacked artefact of a CI run')
    .optionsGroup('What comes out:')
    .option('--promote', 'make a script and a Vitest file of each failure, to commit')
    .option('--out <folder>', 'where those go (default: tests/migrations)')
    .option('--keep', 'leave the database up and print its address')
    .option('--store <place>', STORE_HELP)
    .addHelpText(
      'after',
      `
Exit codes: 1 it still fails, 0 it is fixed, 4 it is stale (its rows no longer fit the schema), 3 it could not be run;
  of several: 3 where one could not be run, else 1 where one still fails, else 4 where one is stale or there is none.

Examples:
  palindrome replay k3x9q2m0ab
  palindrome replay .palindrome/counterexamples/k3x9q2m0ab.json
  palindrome replay --all
  palindrome replay --from artefact
  palindrome replay k3x9q2m0ab --promote`,
    );
  command.action(async (idOrPath: string | undefined, options: object) => {
    const { runReplay } = await import('./verbs/replay.ts');
    done(await runReplay(idOrPath, options, io));
  });
}

function addPrune(program: Command, io: Io, done: (exitCode: number) => void): void {
  const command = addVerb(program, 'prune', 'drop stored failures that are fixed, or that a smaller one shows as well');
  addServerFlags(addReadingFlags(command))
    .optionsGroup('What to do:')
    .option('--dry-run', 'say what would be dropped, and why, and drop nothing')
    .option('--store <place>', STORE_HELP)
    .addHelpText(
      'after',
      `
Each is replayed first; what is stale, or could not be run, stays.

Exit codes: 0 done, 3 one could not be run or read, 130 interrupted: then nothing was dropped.

Example:
  palindrome prune --dry-run`,
    );
  command.action(async (options: object) => {
    const { runPrune } = await import('./verbs/prune.ts');
    done(await runPrune(options, io));
  });
}
