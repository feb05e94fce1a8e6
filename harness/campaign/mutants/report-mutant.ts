/** A mutant as reports list it. */
import { createTwoFilesPatch } from 'diff';
import type { ReportMutant } from '../../core/mutants-report.ts';
import type { Mutant } from '../../mutants/mutants.ts';
import type { MutantResult } from './judge-mutant.ts';

const CONTEXT_LINES = 2;

/** The report's entry, with the diff from the original's file. */
export function reportMutant(mutant: Mutant, result: MutantResult): ReportMutant {
  const { id, operator, direction, line, what, original, migration } = mutant;
  return {
    id,
    operator: operator.id,
    mistake: operator.mistake,
    direction,
    file: original.file,
    line,
    what,
    ...result,
    diff: diffOf(original.file, original.text, migration[direction]?.text ?? ''),
  };
}

function diffOf(file: string, before: string, after: string): string {
  const patch = createTwoFilesPatch(`a/${file}`, `b/${file}`, before, after, undefined, undefined, {
    context: CONTEXT_LINES,
  });
  // The first line is a rule that belongs to no format of `diff -u`.
  return patch.replace(/^=+\n/, '').replaceAll(/^(---|\+\+\+) (.*?)\t$/gm, '$1 $2');
}
