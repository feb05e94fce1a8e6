/** Many replays as a table, in the order of their sets and migrations, with what follows from them. */
import type { Counterexample, ReplayOutcome } from '../harness/core/counterexample.ts';
import { compareText, count } from '../harness/core/text.ts';
import { hang, padTo } from './fit.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

/** A stored case and how its replay ended. */
export interface ReplayedCase {
  /** As shown to people. */
  readonly file: string;
  /** Null: the file could not be read. */
  readonly example: Counterexample | null;
  readonly outcome: ReplayOutcome;
}

const WORDS = { 'still-fails': 'still fails', fixed: 'fixed', stale: 'stale', error: 'error' } as const;
const STATUS_WIDTH = Math.max(...Object.values(WORDS).map(({ length }) => length));

/** One line a case, with what has to be said about it below, and a last line that counts them. */
export function describeReplays(cases: readonly ReplayedCase[], style: Style): readonly string[] {
  const sorted = cases.toSorted((a, b) => compareText(keyOf(a), keyOf(b)));
  const nameWidth = Math.max(0, ...sorted.map(({ example }) => sanitize(example?.migration.name ?? '').length));
  let set: string | null = null;
  const lines = sorted.flatMap((entry) => {
    const path = entry.example?.set.path ?? 'files that cannot be read';
    const head = path === set ? [] : [...(set === null ? [] : ['']), style.paint.bold(sanitize(path))];
    set = path;
    return [...head, ...describeCase(entry, nameWidth, style)];
  });
  return [...lines, '', describeCounts(cases)];
}

function keyOf({ example, file }: ReplayedCase): string {
  if (example === null) return `\u{10ffff}${file}`;
  return [example.set.path, example.migration.name, example.property, example.clause, example.id].join('\u0000');
}

function describeCase({ example, file, outcome }: ReplayedCase, nameWidth: number, style: Style): readonly string[] {
  const status = paintStatus(outcome, style);
  if (example === null) return [`  ${status}  ${sanitize(file)}`, ...says(outcome, style)];
  const { id, migration, property, clause, finding } = example;
  const name = padTo(sanitize(migration.name), nameWidth);
  return [
    `  ${status}  ${id}  ${name}  ${property}/${sanitize(clause)}  ${style.paint.dim(sanitize(finding.object))}`.trimEnd(),
    ...says(outcome, style),
  ];
}

function says(outcome: ReplayOutcome, { width }: Style): readonly string[] {
  if (outcome.status === 'stale' || outcome.status === 'error') return hang('      ', sanitize(outcome.reason), width);
  const { changed, rebased } = outcome;
  return [
    ...(rebased.length === 0
      ? []
      : hang('      ', sanitize(`its rows were brought to the schema of today: ${rebased.join('; ')}`), width)),
    ...(changed.length === 0 || outcome.status !== 'fixed'
      ? []
      : hang('      ', sanitize(`changed since it was recorded: ${changed.join(', ')}`), width)),
  ];
}

function paintStatus({ status }: ReplayOutcome, { paint, glyphs }: Style): string {
  const word = padTo(WORDS[status], STATUS_WIDTH);
  if (status === 'fixed') return `${paint.green(glyphs.held)} ${word}`;
  return status === 'stale' ? `${paint.yellow(glyphs.inconclusive)} ${word}` : `${paint.red(glyphs.falsified)} ${word}`;
}

/** `12 replayed: 9 still fail, 2 fixed, 1 stale, 0 in error`. */
function describeCounts(cases: readonly ReplayedCase[]): string {
  const of = (status: ReplayOutcome['status']): number =>
    cases.filter(({ outcome }) => outcome.status === status).length;
  const failing = of('still-fails');
  return `${count(cases.length, 'case')} replayed: ${failing} still ${failing === 1 ? 'fails' : 'fail'}, ${of('fixed')} fixed, ${of('stale')} stale, ${of('error')} in error`;
}

/**
 * The exit code of replays: 3 where one could not be run, else 1 where one still fails, else 4 where one is stale or there was none, else 0: all
 * are fixed.
 */
export function exitCodeOfReplays(outcomes: readonly ReplayOutcome[]): number {
  const has = (status: ReplayOutcome['status']): boolean => outcomes.some((outcome) => outcome.status === status);
  if (has('error')) return 3;
  if (has('still-fails')) return 1;
  return has('stale') || outcomes.length === 0 ? 4 : 0;
}
