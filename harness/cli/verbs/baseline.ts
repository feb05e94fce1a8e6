import { baselineKey } from '../plan-sets.ts';
import { mergeBaseline, type BaselineChange } from '../../campaign/merge-baseline.ts';
import { resolveSettings } from '../../config/settings.ts';
import type { BaselineSettings, Settings } from '../../config/settings.ts';
import { dayOf, type KnownFailure } from '../../core/acceptance.ts';
import { PalindromeError } from '../../core/errors.ts';
import type { Report } from '../../core/report.ts';
import { count } from '../../core/text.ts';
import { readBaseline, writeBaseline } from '../../store/baseline-file.ts';
import { hang } from '../../../reports/fit.ts';
import { sanitize } from '../../../reports/sanitize.ts';
import { readFlags } from '../flags.ts';
import type { RawFlags } from '../flags.ts';
import { styleFor } from '../io.ts';
import type { Io } from '../io.ts';
import { progressReporter } from '../make-reporters.ts';
import { verifySets } from '../verify-sets.ts';

interface BaselineFlags extends RawFlags {
  readonly update?: boolean;
  readonly accept?: boolean;
}

/** `palindrome baseline`: 0 written, 1 new failures were left out, 4 something was inconclusive; 3 and 130: nothing was written. */
export async function runBaseline(paths: readonly string[], raw: BaselineFlags, io: Io): Promise<number> {
  const { update = false, accept = false, ...flags } = raw;
  if (accept && !update)
    throw new PalindromeError('settings-conflict', '--accept says nothing without --update.', {
      hint: 'Without --update every failure of today is recorded.',
    });
  const startedMs = Date.now();
  const settings = await resolveSettings({ paths, flags: readFlags(flags), cwd: io.cwd, env: io.env });
  const files = new Map(settings.sets.map(({ baseline }) => [baseline.file, baseline]));
  const before = new Map<string, readonly KnownFailure[]>();
  for (const place of files.values()) before.set(place.file, await readBefore(place, update));
  const reporter = progressReporter(io, settings.run.color);
  let report: Report;
  try {
    report = await verifySets({
      settings,
      env: io.env,
      signal: io.signal,
      toolVersion: io.toolVersion,
      emit: (event) => reporter.onEvent(event),
      verb: 'baseline',
    });
  } finally {
    await reporter.close();
  }
  const { exitCode, stoppedBecause } = report.run;
  if (exitCode === 3 || exitCode === 130) {
    io.err(`error: the run did not end (${sanitize(stoppedBecause)}): no baseline was written\n`);
    return exitCode;
  }
  let leftOut = 0;
  for (const place of files.values()) {
    const change = mergeBaseline({
      existing: before.get(place.file) ?? [],
      report,
      keys: keysOf(settings, place),
      today: dayOf(startedMs),
      toolVersion: io.toolVersion,
    });
    const adds = !update || accept;
    if (!adds) leftOut += change.added.length;
    await writeBaseline(place.file, place.shownAs, adds ? [...change.kept, ...change.added] : change.kept);
    const width = styleFor(io, settings.run.color).width;
    io.out(`${describeChange(place, change, adds, width).join('\n')}\n`);
  }
  if (leftOut > 0) return 1;
  return exitCode === 4 || hasInconclusive(report) ? 4 : 0;
}

async function readBefore({ file, shownAs }: BaselineSettings, mustBeThere: boolean): Promise<readonly KnownFailure[]> {
  const failures = await readBaseline(file, shownAs);
  if (failures === null && mustBeThere)
    throw new PalindromeError('baseline-not-found', `There is no baseline at ${shownAs} to update.`, {
      hint: 'Run `palindrome baseline` without --update to write one.',
    });
  return failures ?? [];
}

function keysOf({ sets }: Settings, place: BaselineSettings): ReadonlyMap<string, string> {
  return new Map(
    sets
      .filter(({ baseline }) => baseline.file === place.file)
      .map(({ folder, shownAs }) => [shownAs, baselineKey(place.file, folder)]),
  );
}

function describeChange(
  { shownAs }: BaselineSettings,
  { kept, added, fixed }: BaselineChange,
  adds: boolean,
  width: number,
): readonly string[] {
  const known = kept.length + (adds ? added.length : 0);
  const list = (sign: string, failures: readonly KnownFailure[]) =>
    failures.flatMap(({ migration, property, clause, object, reason }) =>
      hang(`  ${sign} `, sanitize(`${migration} ${property}/${clause} on ${object || 'the whole'}: ${reason}`), width),
    );
  return [
    `${sanitize(shownAs)}: ${count(known, 'known failure')}`,
    ...(fixed.length === 0 ? [] : [`${fixed.length} fixed and taken out`, ...list('-', fixed)]),
    ...(added.length === 0
      ? []
      : [adds ? `${added.length} new` : `${added.length} new and not added: fix them, or add --accept`]),
    ...list(adds ? '+' : '!', added),
  ];
}

function hasInconclusive({ sets }: Report): boolean {
  return sets.some(({ migrations }) =>
    migrations.some(({ results }) => results.some(({ verdict }) => verdict === 'inconclusive')),
  );
}
