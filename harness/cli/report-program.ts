/** The verbs that work on reports alone. */
import type { Command } from 'commander';
import { repeated } from './arguments.ts';
import type { Io } from './io.ts';
import { addVerb } from './program-flags.ts';

export function addReportVerbs(program: Command, io: Io, done: (exitCode: number) => void): void {
  addVerb(program, 'merge-reports <files...>', 'join the JSON reports of all shards of a run into that of the whole')
    .option('--report <format[=file]>', 'as for verify: terminal, json, …; repeatable', repeated)
    .addHelpText(
      'after',
      `
Exit codes are those that the whole run would have had; 2 where a shard is missing, or reports are of different runs.

Examples:
  palindrome verify db/migrations --seed 7 --shard 1/2 --report json=1.json
  palindrome merge-reports 1.json 2.json --report json=whole.json`,
    )
    .action(async (files: string[], options: object) => {
      const { runMergeReports } = await import('./verbs/merge-reports.ts');
      done(await runMergeReports(files, options, io));
    });
}
