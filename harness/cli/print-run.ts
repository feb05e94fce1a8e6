/** How a run of the runner looks: what stands where, what is done, and what went wrong. */
import { showPathFrom } from '../config/settings.ts';
import { count } from '../core/text.ts';
import type { RunnerEvent, RunReport, Step, StepFailure } from '../runner/types.ts';
import { drawPlace } from '../../reports/excerpt.ts';
import { hang } from '../../reports/fit.ts';
import { sanitize } from '../../reports/sanitize.ts';
import type { Style } from '../../reports/style.ts';
import { placeAt } from '../core/errors.ts';
import type { Io } from './io.ts';
import type { OpenRunner } from './open-runner.ts';

/** Which migrations, which database. */
export function describeHead(
  { read, context, target }: OpenRunner,
  { paint, glyphs, width }: Style,
): readonly string[] {
  const engine = target.dialect === 'postgres' ? 'PostgreSQL' : 'SQLite';
  const facts = [
    `${read.set.layout} layout`,
    count(read.set.migrations.length, 'migration'),
    `${engine} ${context.live.engineVersion}`,
  ];
  return [
    ...hang('', `${paint.bold(sanitize(read.set.path))} on ${paint.bold(sanitize(context.live.address))}`, width),
    paint.dim(facts.join(` ${glyphs.dot} `)),
  ];
}

/** What would run, one line a step. */
export function describePlan(steps: readonly Step[], { paint }: Style): readonly string[] {
  return steps.map(
    (step) => `  ${step.direction.padEnd(4)} ${sanitize(step.migration.name)}  ${paint.dim(describeHow(step))}`,
  );
}

function describeHow({ by, isAtomic }: Step): string {
  if (by === 'inferred') return 'by dropping what it created';
  return isAtomic ? 'in one transaction with the ledger' : 'statement by statement';
}

/** 0 done, 1 a script failed, 2 declined, 130 interrupted. */
export function exitCodeOfRun({ ended }: RunReport): number {
  if (ended === 'failed') return 1;
  if (ended === 'declined') return 2;
  return ended === 'interrupted' ? 130 : 0;
}

/** Prints events as they come. */
export class RunPrinter {
  readonly #io: Io;
  readonly #style: Style;

  constructor(io: Io, style: Style) {
    this.#io = io;
    this.#style = style;
  }

  onEvent(event: RunnerEvent): void {
    const { paint, glyphs } = this.#style;
    switch (event.type) {
      case 'lock-waiting':
        return this.#io.err('another runner is at work on this database: waiting for it to end\n');
      case 'note':
        return this.#say([`  ${glyphs.bullet} ${sanitize(event.text)}`]);
      case 'planned':
        return event.isDryRun ? this.#say(describePlan(event.steps, this.#style)) : undefined;
      case 'backup-made': {
        const { file, rows, tables, sha256 } = event.backup;
        const facts = `${count(rows, 'row')} in ${count(tables, 'table')}, checked, SHA-256 ${sha256.slice(0, 10)}`;
        return this.#say([`  backup ${sanitize(showPathFrom(this.#io.cwd, file))}`, paint.dim(`         ${facts}`)]);
      }
      case 'backups-removed':
        return this.#say([paint.dim(`  ${count(event.files.length, 'expired backup')} removed`)]);
      case 'step-started':
        return undefined;
      case 'step-finished':
        return this.#say([
          `${paint.green(glyphs.held)} ${event.step.direction.padEnd(4)} ${sanitize(event.step.migration.name)}  ${paint.dim(`${event.durationMs} ms`)}`,
        ]);
      case 'step-failed':
        return this.#say([
          `${paint.red(glyphs.falsified)} ${event.step.direction.padEnd(4)} ${sanitize(event.step.migration.name)}`,
          ...describeFailure(event.step, event.failure, this.#style),
        ]);
    }
  }

  /** The last line. */
  finish(report: RunReport, { context }: OpenRunner): void {
    this.#say([describeEnd(report, context.isDryRun)]);
    if (report.failure?.left === 'half' && report.backup !== null)
      this.#say([`The backup from before: palindrome restore --database ${sanitize(context.live.address)}`]);
  }

  #say(lines: readonly string[]): void {
    if (lines.length > 0) this.#io.out(`${lines.join('\n')}\n`);
  }
}

function describeEnd({ steps, done, ended, failure }: RunReport, isDryRun: boolean): string {
  const all = steps.length;
  if (isDryRun)
    return all === 0 ? 'dry run: nothing to do' : `dry run: ${count(all, 'migration')} would run; nothing was written`;
  if (ended === 'declined') return 'nothing was done';
  if (ended === 'done') return all === 0 ? 'nothing to do' : `${count(all, 'migration')} done`;
  const left = failure?.left === 'half' ? 'the one that did not left half of itself behind' : 'the rest is as it was';
  return `${ended}: ${done} of ${count(all, 'migration')} done; ${left}`;
}

function describeFailure({ direction, migration }: Step, failure: StepFailure, style: Style): readonly string[] {
  const { outcome } = failure;
  if (outcome === null) return failure.reasons.map((reason) => `    ${sanitize(reason)}`);
  const words =
    outcome.status === 'failed'
      ? `${outcome.fault.message} (${outcome.fault.code})`
      : `stopped after its limit of ${outcome.limitMs} ms`;
  const script = direction === 'up' ? migration.up : migration.down;
  const { at } = outcome;
  const place = at === null || script === null ? null : findPlace(script.text, at.file, at.line, at.column);
  const more = outcome.status === 'failed' ? [outcome.fault.detail, outcome.fault.hint] : [];
  return [
    ...hang('    ', sanitize(words), style.width),
    ...more.filter((text) => text !== null).flatMap((text) => hang('    ', sanitize(text), style.width)),
    ...(place === null ? [] : drawPlace(place, style).map((line) => `    ${line}`)),
    ...(failure.left === 'half'
      ? hang(
          '    ',
          'What ran before this statement was committed: the database holds half this migration, and the next run is refused until you say what became of it.',
          style.width,
        )
      : hang('    ', 'Nothing of this migration is in the database.', style.width)),
  ];
}

function findPlace(text: string, file: string, line: number, column: number) {
  const lines = text.split('\n').slice(0, line - 1);
  return placeAt(file, text, lines.join('\n').length + (line > 1 ? 1 : 0) + column - 1);
}
