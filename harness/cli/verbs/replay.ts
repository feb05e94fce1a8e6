import path from 'node:path';
import { findConfig } from '../../config/find-config.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { Flags } from '../../config/settings.ts';
import { resolveRun, resolveSettings } from '../../config/settings.ts';
import type { Counterexample, ReplayOutcome } from '../../core/counterexample.ts';
import { countRows } from '../../core/dataset.ts';
import type { Finding } from '../../core/property.ts';
import {
  describeOutcome,
  describeRowsBefore,
  describeStatement,
  describeWayOut,
} from '../../../reports/counterexample-section.ts';
import type { Story } from '../../../reports/counterexample-section.ts';
import { hang } from '../../../reports/fit.ts';
import { sanitize } from '../../../reports/sanitize.ts';
import type { Style } from '../../../reports/style.ts';
import { readFlags } from '../flags.ts';
import type { RawFlags } from '../flags.ts';
import { styleFor } from '../io.ts';
import type { Io } from '../io.ts';
import { readSets } from '../read-sets.ts';

/** `palindrome replay`, of a counterexample or of a history: 1 still fails, 0 fixed, 4 stale, 3 could not be run, 130 interrupted. */
export async function runReplay(idOrPath: string, raw: RawFlags, io: Io): Promise<number> {
  const flags = readFlags(raw);
  if (/[/\\]|\.json$/.test(idOrPath)) {
    const { readHistory } = await import('../../store/history-file.ts');
    const history = await readHistory(path.resolve(io.cwd, idOrPath));
    if (history !== null) {
      const { replayHistory } = await import('./replay-history.ts');
      const { lines, exitCode } = replayHistory(history, idOrPath, styleFor(io, flags.color ?? null));
      print(io, lines);
      return exitCode;
    }
  }
  const { openStoreOf } = await import('../open-store-of.ts');
  const here = await findConfig(io.cwd, io.cwd);
  const sources = here === null ? [] : [await loadConfig(here, io.cwd)];
  const run = resolveRun(sources, { paths: [], flags, cwd: io.cwd, env: io.env });
  await using store = await openStoreOf(run.store);
  const { example, file } = await store.load(idOrPath);
  const settings = await resolveSettings({
    paths: [example.set.path],
    flags: asRecorded(flags, example),
    cwd: io.cwd,
    env: io.env,
  });
  const style = styleFor(io, run.color);
  const [{ planSets }, { openServerPool }, { replayCounterexample }, { ALL_PROPERTIES }] = await Promise.all([
    import('../plan-sets.ts'),
    import('../server-pool.ts'),
    import('../../campaign/replay.ts'),
    import('../../../properties/catalogue.ts'),
  ]);
  const sets = await readSets(settings.sets, io.env);
  await using pool = openServerPool();
  const [planned] = await planSets(sets, pool);
  if (planned === undefined) throw new Error('a counterexample names exactly one set');
  print(io, describeStart(example, file, planned.providerReason, style));
  let step = 0;
  const outcome = await replayCounterexample({
    example,
    planned,
    properties: ALL_PROPERTIES,
    kept: run.keep ? { address: null } : null,
    narrate: (line) => print(io, hang(`  ${String(++step).padStart(2)}. `, sanitize(line), style.width)),
  });
  print(io, ['', ...describeReplay(outcome, example, style)]);
  return io.signal.aborted ? 130 : exitCodeOf(outcome);
}

/** What was recorded holds unless a flag says otherwise: layout, dialect, and the server's major version. */
function asRecorded(flags: Flags, { set, engine }: Counterexample): Flags {
  const major = /^\d+/u.exec(engine.version)?.[0];
  const recorded = set.dialect === 'postgres' && major !== undefined && flags.image === undefined ? [major] : undefined;
  return {
    ...flags,
    dialect: flags.dialect ?? set.dialect,
    layout: flags.layout ?? set.layout,
    postgres: flags.postgres ?? recorded,
  };
}

function describeStart(example: Counterexample, file: string, provider: string, style: Style): readonly string[] {
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

function describeReplay(outcome: ReplayOutcome, example: Counterexample, style: Style): readonly string[] {
  const { paint, glyphs, width } = style;
  if (outcome.status === 'error')
    return hang(`${paint.red(glyphs.falsified)} ${paint.bold('error')}: `, sanitize(outcome.reason), width);
  if (outcome.status === 'stale')
    return [
      ...hang(`${paint.yellow(glyphs.inconclusive)} ${paint.bold('stale')}: `, sanitize(outcome.reason), width),
      '  It proves nothing about the migrations as they are now; `palindrome verify` looks afresh.',
    ];
  const changed = outcome.changed.map(sanitize).join(', ');
  const since = changed === '' ? [] : hang('  ', `Changed since it was recorded: ${changed}`, width);
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

function exitCodeOf({ status }: ReplayOutcome): number {
  return { 'still-fails': 1, fixed: 0, stale: 4, error: 3 }[status];
}

function print(io: Io, lines: readonly string[]): void {
  io.out(`${lines.join('\n')}\n`);
}
