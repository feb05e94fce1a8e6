import { findDroppable, type JudgedCase } from '../../campaign/prune.ts';
import { findConfig } from '../../config/find-config.ts';
import { loadConfig } from '../../config/load-config.ts';
import { resolveRun } from '../../config/settings.ts';
import { count } from '../../core/text.ts';
import { hang } from '../../../reports/fit.ts';
import { sanitize } from '../../../reports/sanitize.ts';
import { readFlags } from '../flags.ts';
import type { RawFlags } from '../flags.ts';
import { styleFor } from '../io.ts';
import type { Io } from '../io.ts';
import { openStoreOf } from '../open-store-of.ts';
import { replayMany } from '../replay-cases.ts';

/** What commander gives for the flags of `prune` beside those of where it runs. */
export interface PruneFlags extends RawFlags {
  readonly dryRun?: boolean | undefined;
}

/** `palindrome prune`: 0 done, 3 where a case could not be run or read (it stays), 130 interrupted (everything stays). */
export async function runPrune({ dryRun = false, ...raw }: PruneFlags, io: Io): Promise<number> {
  const flags = readFlags(raw);
  const here = await findConfig(io.cwd, io.cwd);
  const sources = here === null ? [] : [await loadConfig(here, io.cwd)];
  const run = resolveRun(sources, { paths: [], flags, cwd: io.cwd, env: io.env });
  const style = styleFor(io, run.color);
  await using store = await openStoreOf(run.store, io.signal);
  const stored = await store.loadAll();
  const cases: JudgedCase[] = [];
  await replayMany({
    flags,
    cwd: io.cwd,
    env: io.env,
    signal: io.signal,
    examples: stored.flatMap(({ example }) => example ?? []),
    onReplayed: (example, { outcome }) => void cases.push({ example, outcome }),
  });
  if (io.signal.aborted) {
    io.out('interrupted: nothing was dropped\n');
    return 130;
  }
  const drops = findDroppable(cases);
  const lines: string[] = [];
  for (const { example, evidence } of drops) {
    if (!dryRun) await store.remove(example.id);
    const { id, migration, property, clause } = example;
    lines.push(
      `${dryRun ? 'would drop' : 'dropped'} ${id}  ${sanitize(migration.name)}  ${property}/${sanitize(clause)}`,
      ...hang('  ', sanitize(evidence), style.width),
    );
  }
  const broken = stored.filter(({ example }) => example === null);
  const unsure = cases.filter(({ outcome }) => outcome.status === 'stale' || outcome.status === 'error');
  for (const { file, fault } of broken) lines.push(...hang('kept ', sanitize(`${file}: ${fault ?? ''}`), style.width));
  for (const { example, outcome } of unsure)
    if ('reason' in outcome)
      lines.push(...hang('kept ', sanitize(`${example.id} (${outcome.status}): ${outcome.reason}`), style.width));
  lines.push(
    `${count(drops.length, 'case')} ${dryRun ? 'would be dropped' : 'dropped'}, ${stored.length - drops.length} kept`,
  );
  io.out(`${lines.join('\n')}\n`);
  return broken.length > 0 || cases.some(({ outcome }) => outcome.status === 'error') ? 3 : 0;
}
