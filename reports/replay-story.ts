/** One replay, told: what is run again, and how it ended. */
import path from 'node:path';
import type { Counterexample, ReplayOutcome } from '../harness/core/counterexample.ts';
import { countRows } from '../harness/core/dataset.ts';
import type { Finding } from '../harness/core/property.ts';
import {
  describeOutcome,
  describeRowsBefore,
  describeStatement,
  describeWayOut,
  type Story,
} from './counterexample-section.ts';
import { hang } from './fit.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

/** What is replayed, and where. */
export function describeStart(
  example: Counterexample,
  file: string,
  provider: string,
  style: Style,
): readonly string[] {
  const { paint, glyphs } = style;
  const { finding, migration, property, clause, set, engine } = example;
  const engineName = set.dialect === 'postgres' ? 'PostgreSQL' : 'SQLite';
  return [
    `${paint.bold(sanitize(migration.name))} ${glyphs.dot} ${paint.bold(`${property}/${clause}`)}  ${paint.dim(file.includes('://') ? file : path.posix.normalize(file))}`,
    ...hang('', `Recorded on ${engineName} ${engine.version}: ${sanitize(finding.message)}`, style.width),
    ...describeRowsBefore(storyOf(example, finding, file), style),
    '',
    ...hang('', sanitize(provider), style.width).map((line) => paint.dim(line)),
  ];
}

/** How it ended. */
export function describeReplay(outcome: ReplayOutcome, example: Counterexample, style: Style): readonly string[] {
  const { paint, glyphs, width } = style;
  if (outcome.status === 'error')
    return hang(`${paint.red(glyphs.falsified)} ${paint.bold('error')}: `, sanitize(outcome.reason), width);
  if (outcome.status === 'stale')
    return [
      ...hang(`${paint.yellow(glyphs.inconclusive)} ${paint.bold('stale')}: `, sanitize(outcome.reason), width),
      '  It proves nothing about the migrations as they are now; `palindrome verify` looks afresh.',
    ];
  const changed = outcome.changed.map(sanitize).join(', ');
  const since = [
    ...(changed === '' ? [] : hang('  ', `Changed since it was recorded: ${changed}`, width)),
    ...(outcome.rebased.length === 0
      ? []
      : hang('  ', sanitize(`Its rows were brought to the schema of today: ${outcome.rebased.join('; ')}`), width)),
  ];
  if (outcome.status === 'fixed')
    return [`${paint.green(glyphs.held)} ${paint.bold('fixed')}: the property holds for these rows`, ...since];
  // The statement was found by looking closer when it was recorded; in unchanged scripts it is still there.
  const at = outcome.finding.at ?? (changed === '' ? example.finding.at : null);
  const story = storyOf(example, { ...outcome.finding, at }, '');
  return [
    `${paint.red(glyphs.falsified)} ${paint.bold('still fails')}`,
    ...hang('  ', sanitize(outcome.finding.message), width),
    ...since,
    ...(at === null && outcome.finding.fault === null ? [] : ['', ...describeStatement(story, style)]),
    ...describeOutcome(story, style),
    ...describeWayOut(story, style),
  ];
}

function storyOf(example: Counterexample, finding: Finding, file: string): Story {
  const { dataset, shrinks, set, migration, anyValue } = example;
  const rows = countRows(dataset);
  return { dataset, shrinks, rows, file, finding, anyValue, dialect: set.dialect, upFile: migration.name };
}
